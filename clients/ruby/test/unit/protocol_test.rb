# frozen_string_literal: true

require_relative "../test_helper"

# The protocol machine, and what the registry says.
class ProtocolTest < Minitest::Test
  parallelize_me!

  def setup
    @protocol = Orbited::Protocol.new
  end

  def answer(text)
    @protocol.receive_data(text.b)
  end

  def test_each_verb_gives_an_id_and_a_frame
    frames = [
      @protocol.event("a, 0, /x", "1"), @protocol.auth("abc"), @protocol.ping, @protocol.watch("*, *, *", state: true),
      @protocol.unwatch("4"), @protocol.list(%w[a 0 *]), @protocol.close("a, 0, /x", reason: "enough")
    ]
    assert_equal %w[1 2 3 4 5 6 7], frames.map(&:first)
    assert_equal %w[Event Auth Ping Watch Unwatch List Close], frames.map { |_, frame| frame.lines[1].chomp }
    assert_equal %w[1 2 3 4 5 6 7], @protocol.awaited
    assert_equal 8, @protocol.next_number
  end

  def test_ids_have_the_prefix_and_count_up
    protocol = Orbited::Protocol.new(prefix: "p-", first: 7)
    assert_equal %w[p-7 p-8], Array.new(2) { protocol.ping.first }
    outcome, = protocol.receive_data("Success\r\nid: p-8\r\n\r\n".b)
    assert_equal "p-8", outcome.id
    assert_equal %w[p-7], protocol.awaited
  end

  def test_what_was_reached_and_what_not
    @protocol.event(["*, *, /x", "b, 0, /y"], "1")
    outcome, = answer("Failure\r\nid: 1\r\nmsg: No\r\nreached: 3\r\nunreached: 301 unreachable (b, 0, /y)\r\nunreached: 399 (c, 0, /x)\r\n\r\n")
    assert_equal 3, outcome.value.reached
    assert_equal ["301 unreachable (b, 0, /y)", "399 (c, 0, /x)"], outcome.value.unreached.map(&:to_s)
    assert_equal [], @protocol.awaited
  end

  def test_a_recipient_that_was_not_asked_for_is_a_violation
    @protocol.event(["*, *, /x", "b, 0, /y"], "1")
    outcome, = answer("Failure\r\nid: 1\r\nreached: 0\r\nunreached: 301 unreachable (c, 0, /y)\r\n\r\n")
    assert_kind_of Orbited::ProtocolError, outcome
    assert_equal [outcome], answer("Success\r\nid: 1\r\n\r\n")
  end

  def test_replies_that_fit_no_request_are_violations
    {
      "Success\r\nid: 2\r\n\r\n" => [:ping], "Success\r\n\r\n" => [:ping],
      "Success\r\nid: 1\r\n\r\n" => [:watch, "a, 0, /x"], "Success\r\nid: 1\r\nkeys: 2\r\nlength: 0\r\n\r\n" => [:list, []],
      "Success\r\nid: 1\r\nkeys: 1\r\nlength: 2\r\n\r\nx\n" => [:list, []], "Success\r\nid: 1\r\nkeys: 0\r\n\r\n" => [:close, []],
      "Failure\r\nunreached: 301 x (a, 0, /x)\r\n\r\n" => [:ping]
    }.each do |reply, call|
      protocol = Orbited::Protocol.new
      protocol.public_send(*call)
      assert_kind_of Orbited::ProtocolError, protocol.receive_data(reply.b).last, reply
    end
  end

  def plain_event
    Orbited::Request.event(Orbited::Recipients.read(["a, 0, /x", "b, 0, /x"]), "1").orbit10
  end

  def test_a_server_of_orbit_10_answers_a_plain_event
    @protocol.send_request(plain_event)
    outcome, = answer("Failure\r\nid: 1\r\nmsg: No\r\nrecipient: (b, 0, /x)\r\n\r\n")
    assert_equal [1, ["b, 0, /x"], [nil]], [outcome.value.reached, outcome.value.unreached_keys.map(&:to_s), outcome.value.unreached.map(&:code)]
  end

  def test_a_reply_of_orbit_10_is_no_answer_to_an_event_of_orbit_11
    ["Success\r\nid: 1\r\n\r\n", "Failure\r\nid: 1\r\nmsg: No\r\nrecipient: (a, 0, /x)\r\n\r\n"].each do |reply|
      protocol = Orbited::Protocol.new
      protocol.event("a, 0, /x", "1")
      assert_kind_of Orbited::ProtocolError, protocol.receive_data(reply.b).last
    end
  end

  def test_a_refusal_without_id_is_for_the_connection
    outcome, = answer("Failure\r\nmsg: Full\r\ncode: 403 too_many_connections\r\n\r\n")
    assert_nil outcome.id
    assert outcome.refused?
    assert_equal [403, "too_many_connections"], [outcome.value.code, outcome.value.name]
  end

  def test_a_reply_that_is_too_large_is_a_violation
    protocol = Orbited::Protocol.new(Orbited::Limits.new(reply: 100))
    protocol.list("*, *, *")
    assert_kind_of Orbited::ProtocolError, protocol.receive_data("Success\r\nid: 1\r\nkeys: 1\r\nlength: 100\r\n\r\n".b).last
  end

  def test_a_line_that_is_too_long_is_a_violation_before_it_ends
    decoder = Orbited::ReplyDecoder.new
    assert_equal [], decoder.feed("Success\r\nid: ".b)
    violation, = decoder.feed("x" * 9000)
    assert_kind_of Orbited::ProtocolError, violation
  end

  def test_limits_are_refused_and_what_is_exactly_the_limit_is_not
    limits = Orbited::Limits.new(line: 20, recipients: 2, body: 3, head: 200)
    protocol = Orbited::Protocol.new(limits)
    protocol.event(["a, 0, /xy", "b, 0, /x"], "123")
    {
      line: ["a, 0, /xyz", "1"], body: ["a, 0, /x", "1234"], recipients: [%w[a b c].map { |user| [user, "0", "/x"] }, "1"]
    }.each do |limit, arguments|
      assert_equal limit, assert_raises(Orbited::LimitExceeded) { protocol.event(*arguments) }.limit
    end
    many = Orbited::Protocol.new(Orbited::Limits.new(head: 200))
    assert_equal :head, assert_raises(Orbited::LimitExceeded) { many.event(Array.new(20) { |n| ["u#{n}", "0", "/x"] }, "") }.limit
    assert_equal 2, protocol.next_number
  end

  def test_the_limits_are_those_of_the_registry
    limits = Vectors.registry["limits"].to_h { |entry| [entry["name"], entry["value"]] }
    %i[line recipients body head notices].each do |name|
      assert_equal limits.fetch("control.#{name}"), Orbited::DEFAULT_LIMITS[name], name
    end
    # A server that has as much as this does not read a Ping.
    %i[in_flight in_flight_bytes].each do |name|
      assert_operator limits.fetch("control.#{name}"), :>, Orbited::DEFAULT_LIMITS[name], name
    end
    assert_equal limits.fetch("control.list"), Orbited::Request::LIST_LIMITS.max
    assert_equal limits.fetch("control.id"), Orbited::Request::ID_BYTES.max
    assert_equal limits.fetch("control.length"), Orbited::Request::MAX_NUMBER
  end

  def test_the_port_is_that_of_the_registry
    port = Vectors.registry["defaults"].find { |entry| entry["name"] == "op.port" }
    assert_equal port["value"], Orbited::Client::DEFAULT_PORT
  end

  def test_a_retry_helps_after_the_codes_of_which_the_registry_says_so
    Vectors.registry["codes"].each do |entry|
      error = Orbited::RefusedError.new("No", code: entry["code"])
      assert_equal entry["retry"], error.retriable?, entry["name"]
    end
  end
end
