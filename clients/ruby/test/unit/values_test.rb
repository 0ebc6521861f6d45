# frozen_string_literal: true

require "set"
require_relative "../test_helper"

# Keys, patterns, recipients, bodies, receipts and errors.
class ValuesTest < Minitest::Test
  parallelize_me!

  def key(text)
    Orbited::ConnectionKey.parse(text)
  end

  def read(recipients)
    Orbited::Recipients.read(recipients)
  end

  def test_a_key_has_three_parts_and_its_text
    one = key("michael, 0, /a, b")
    assert_equal ["michael", "0", "/a, b"], one.to_a
    assert_equal "michael, 0, /a, b", one.to_s
    assert_equal one, Orbited::ConnectionKey.new("michael", "0", "/a, b")
    assert_equal 1, { one => 1 }[key("michael, 0, /a, b")]
    assert_equal [key("a, 0, /x"), key("b, 0, /x")], [key("b, 0, /x"), key("a, 0, /x")].sort
    refute_equal one, "michael, 0, /a, b"
  end

  def test_what_is_no_key_is_refused
    ["", "a", "a, 0", ", 0, /x", "a, , /x", "a, 0, x", "a, 0, *", "a\n, 0, /x", "a, 0, /\x7f", "a\xFF, 0, /x"].each do |text|
      error = assert_raises(Orbited::InvalidRecipient, text) { key(text) }
      assert error.recipient
      refute error.retriable?
    end
    assert_raises(Orbited::InvalidRecipient) { Orbited::ConnectionKey.new("a", 0, "/x") }
    assert_raises(Orbited::InvalidRecipient) { Orbited::ConnectionKey.new("a, b", "0", "/x") }
  end

  def test_text_of_another_encoding_is_turned_into_utf8
    assert_equal key("Zoë, 0, /x"), key("Zoë, 0, /x".encode("ISO-8859-1"))
    assert_equal key("Zoë, 0, /x"), key("Zoë, 0, /x".b)
  end

  def test_a_pattern_stands_for_whole_fields
    pattern = Orbited::Pattern.parse("*, 0, *")
    assert pattern.match?(key("a, 0, /x"))
    refute pattern.match?(key("a, 1, /x"))
    assert_equal ["a, 0, /x"], [key("a, 0, /x"), key("a, 1, /x")].grep(pattern).map(&:to_s)
    refute_equal key("*, 0, /x"), Orbited::Pattern.parse("*, 0, /x")
    assert_raises(Orbited::InvalidRecipient) { Orbited::Pattern.parse("*, 0, **") }
  end

  def test_recipients_come_in_all_forms
    one = [key("a, 0, /x")]
    assert_equal one, read("a, 0, /x")
    assert_equal one, read(%w[a 0 /x])
    assert_equal one, read(one.first)
    assert_equal one, read(["a, 0, /x"])
    assert_equal one, read([%w[a 0 /x], "a, 0, /x", one.first])
    assert_equal %w[a b c].map { |user| key("#{user}, 0, /x") }, read(["a, 0, /x", "b, 0, /x", "c, 0, /x"])
    assert_equal [], read([])
    assert_equal one, read(Set.new(one))
    assert_equal [Orbited::Pattern.parse("*, *, *")], read("*, *, *")
    assert_equal [Orbited::Pattern.parse("*, 0, /x")], read(["*", "0", "/x"])
  end

  def test_what_is_no_recipient_is_refused
    [nil, 7, "a", [7], [%w[a b]], { "a, 0, /x" => 1 }, ["a, 0, /x", nil]].each do |given|
      assert_raises(Orbited::InvalidRecipient, given.inspect) { read(given) }
    end
  end

  def test_a_key_that_the_wire_would_take_for_a_pattern_is_refused
    error = assert_raises(Orbited::InvalidRecipient) { read(key("*, 0, /x")) }
    assert_match(/Pattern/, error.message)
    assert_equal [key("*, 0, /x")], Orbited::Recipients.read_keys("*, 0, /x")
  end

  def test_a_body_is_json_or_what_it_is
    assert_equal '{"a":[1,null,"é"]}'.b, Orbited::Body.encode({ "a" => [1, nil, "é"] }, true)
    assert_equal "é".b, Orbited::Body.encode("é".encode("UTF-16LE"), false)
    assert_equal "\xFF".b, Orbited::Body.encode("\xFF".b, false)
    [[Float::NAN, true], ["\xFF", true], ["\xFF", false], [7, false]].each do |value, json|
      assert_raises(Orbited::InvalidBody, value.inspect) { Orbited::Body.encode(value, json) }
    end
  end

  def test_a_receipt_tells_who_was_not_reached_and_why
    unreached = Orbited::Unreached.new(key: key("a, 0, /x"), code: 305, name: "unconfirmed")
    receipt = Orbited::Receipt.new(id: "7", reached: 1, unreached: [unreached], message: "No")
    assert receipt.failure?
    assert unreached.unconfirmed?
    assert_equal [key("a, 0, /x")], receipt.unreached_keys
    assert_equal "1 reached, not reached: 305 unconfirmed (a, 0, /x)", receipt.to_s
    assert_equal "2 reached", Orbited::Receipt.new(id: "7", reached: 2).to_s
    assert_raises(FrozenError) { receipt.reached = 2 }
  end

  def test_errors_tell_whether_a_retry_is_safe
    lost = Orbited::ConnectionLost.new("lost")
    assert_equal [true, true, false], [lost.retriable?, lost.safe_to_retry?, lost.maybe_delivered?]
    sent = lost.with_delivery(true)
    assert_equal [true, false, true, "lost"], [sent.retriable?, sent.safe_to_retry?, sent.maybe_delivered?, sent.message]
    refute lost.maybe_delivered?
    refused = Orbited::RefusedError.new("No", code: 402, name: "shutting_down", id: "7")
    assert_equal "No (402 shutting_down)", refused.message
    assert_equal [402, "shutting_down", "No", "7", true], [refused.code, refused.name, refused.sentence, refused.id, refused.safe_to_retry?]
    assert_equal "No", Orbited::RefusedError.new("No").message
    assert_equal [nil, nil, false], [lost.code, lost.name, Orbited::ProtocolError.new("x").retriable?]
  end

  def test_a_backoff_is_random_within_bounds_that_grow
    random = CourierDriver::Fixed.new(0.5)
    backoff = Orbited::Backoff.new(base: 1, cap: 5, random: random)
    assert_equal([0.5, 1, 2, 2.5, 2.5], Array.new(5) { backoff.next })
    backoff.reset
    assert_equal 0.5, backoff.next
  end
end
