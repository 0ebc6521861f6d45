# frozen_string_literal: true

require_relative "../test_helper"

# How connections begin and end.
class CourierConnectionsTest < Minitest::Test
  parallelize_me!

  def driver(**options)
    @driver ||= CourierDriver.new(**options)
  end

  def test_attempts_to_connect_come_at_longer_and_longer_intervals
    driver.event(seconds: 1000)
    waits = Array.new(7) do
      assert driver.courier.connect_now?(driver.now)
      driver.courier.connect_failed(Orbited::ConnectFailed.new("no"), driver.now)
      (driver.courier.wake_at - driver.now).tap { |seconds| driver.wait(seconds) }
    end
    assert_equal [1, 2, 4, 8, 16, 30, 30], waits
  end

  def test_a_reply_ends_the_row_of_failures
    driver.event
    driver.courier.connect_now?(driver.now)
    3.times do
      driver.courier.connect_failed(Orbited::ConnectFailed.new("no"), driver.now)
      driver.wait(30)
      driver.event(seconds: 100)
      driver.courier.connect_now?(driver.now)
    end
    driver.courier.connected(driver.now)
    driver.success(driver.sent.first.id)
    driver.success(driver.sent.first.id, "reached: 1")
    driver.lose
    assert_equal driver.now + 1, driver.courier.wake_at
  end

  def test_a_server_that_is_full_is_not_asked_at_once_and_has_delivered_nothing
    call = driver.event
    driver.open
    driver.failure(nil, "403 too_many_connections")
    driver.lose
    refute call.ended?
    driver.wait(1)
    driver.open
    driver.failure(nil, "403 too_many_connections")
    driver.lose
    assert_equal driver.now + 2, driver.courier.wake_at
    driver.wait(60)
    assert_match(/403 too_many_connections/, call.outcome.message)
    assert call.outcome.safe_to_retry?
  end

  def test_the_secret_comes_before_all_else
    driver = CourierDriver.new(secret: "abc")
    call = driver.event
    auth = driver.open
    assert_equal %w[Auth abc], [auth.action, auth.body]
    refute_equal :open, driver.courier.state
    driver.success(auth.id)
    assert_equal ["Event"], driver.sent.map(&:action)
    refute call.ended?
  end

  def test_a_wrong_secret_ends_all_calls
    driver = CourierDriver.new(secret: "abc")
    call = driver.event
    driver.failure(driver.open.id, "502 auth_failed")
    assert_equal 502, call.outcome.code
    assert_equal :idle, driver.courier.state
  end

  def test_a_server_that_does_not_answer_the_secret_is_given_up
    driver = CourierDriver.new(secret: "abc")
    driver.event
    driver.open
    driver.wait(10)
    assert_equal :waiting, driver.courier.state
  end

  def test_a_secret_that_was_shown_is_shown_again
    call = driver.call(Orbited::Request.auth("abc"))
    driver.submit(call)
    driver.success(driver.connect.first.id)
    assert_kind_of Orbited::Done, call.outcome
    driver.lose
    driver.wait(1)
    greeting = driver.open
    assert_equal %w[Auth abc], [greeting.action, greeting.body]
  end

  def test_a_temporary_refusal_is_tried_again_on_another_connection
    calls = [driver.event(try_again: true), driver.event]
    driver.connect
    driver.failure(2, "402 shutting_down")
    driver.failure(3, "402 shutting_down")
    refute calls.first.ended?
    assert_equal [402, true], [calls.last.outcome.code, calls.last.outcome.safe_to_retry?]
    assert_equal "", driver.courier.outbox
    driver.lose
    driver.wait(1)
    driver.success(driver.connect.first.id, "reached: 1")
    assert calls.first.outcome.success?
  end

  def test_a_connection_begins_with_a_ping_and_nothing_else_is_sent_before_its_answer
    driver.event
    driver.submit(driver.call(nil))
    assert_equal %w[Ping 1], [driver.open.action, driver.courier.outbox.size + 1].map(&:to_s)
    refute_equal :open, driver.courier.state
    driver.success(1)
    assert_equal ["Event"], driver.sent.map(&:action)
  end

  def test_a_server_that_wants_a_secret_tells_each_call_so
    call = driver.call(Orbited::Request.ping)
    driver.submit(call)
    driver.failure(driver.open.id, "501 auth_required")
    driver.failure(driver.sent.first.id, "501 auth_required")
    assert_equal 501, call.outcome.code
    assert_equal :open, driver.courier.state
  end

  def test_a_server_that_is_no_orbit_ends_all_that_waits
    calls = [driver.event, driver.call(nil)]
    driver.submit(calls.last)
    driver.open
    driver.receive("HTTP/1.1 400 Bad Request\r\n\r\n")
    assert_equal([Orbited::ProtocolError] * 2, calls.map { |call| call.outcome.class })
    refute calls.first.outcome.maybe_delivered?
    assert_equal :idle, driver.courier.state
  end

  def test_a_connection_that_ends_before_the_greeting_is_answered_counts_as_none
    calls = [driver.event, driver.call(nil)]
    driver.submit(calls.last)
    driver.open
    driver.lose
    assert_kind_of Orbited::ConnectFailed, calls.last.outcome
    refute calls.first.ended?
    assert_equal :waiting, driver.courier.state
  end

  def test_a_server_of_orbit_10_gets_frames_of_orbit_10_for_what_they_can_say
    plain = driver.event
    others = [
      driver.event("*, 0, /x"), driver.call(Orbited::Request.event(Orbited::Recipients.read("a, 0, /x"), "1", ttl: 1)),
      driver.call(Orbited::Request.ping), driver.call(Orbited::Request.list([]))
    ]
    others.drop(1).each { |call| driver.submit(call) }
    frames = driver.connect10
    assert_equal([["Orbit 1.0", "Event", "id: 2", "recipient: a, 0, /x", "length: 1"]], frames.map(&:lines))
    others.each do |call|
      assert_kind_of Orbited::UnsupportedVersion, call.outcome
      assert_match(/Orbit 1\.0 only/, call.outcome.message)
      assert_equal [102, false], [call.outcome.code, call.outcome.maybe_delivered?]
    end
    driver.receive("Failure\r\nid: 2\r\nmsg: No\r\nrecipient: (a, 0, /x)\r\n\r\n")
    assert_equal([["a, 0, /x", nil]], plain.outcome.unreached.map { |one| [one.key.to_s, one.code] })
  end

  def test_a_secret_does_not_hinder_a_server_of_orbit_10
    driver = CourierDriver.new(secret: "abc")
    call = driver.event
    driver.connect10
    driver.success(2)
    assert_equal 1, call.outcome.reached
  end

  def test_what_is_no_orbit_ends_the_calls_on_the_connection
    call = driver.event(try_again: true)
    driver.connect
    driver.receive("HTTP/1.1 400 Bad Request\r\n\r\n")
    assert_kind_of Orbited::ProtocolError, call.outcome
    assert call.outcome.maybe_delivered?
    refute driver.courier.linked?
  end

  def test_replies_before_a_violation_count
    calls = [driver.event, driver.event]
    driver.connect
    driver.receive("Success\r\nid: 2\r\nreached: 1\r\n\r\nSuccess\r\nid: 99\r\n\r\n")
    assert calls.first.outcome.success?
    assert_kind_of Orbited::ProtocolError, calls.last.outcome
  end

  def test_disconnecting_ends_all_calls
    sent = driver.event
    driver.connect
    driver.courier.disconnect
    unsent = driver.event
    driver.courier.disconnect
    assert_equal [true, false], [sent, unsent].map { |call| call.outcome.maybe_delivered? }
    assert_equal [Orbited::Disconnected] * 2, [sent, unsent].map { |call| call.outcome.class }
    assert_equal :idle, driver.courier.state
    driver.event
    assert_equal ["4"], driver.connect.map(&:id)
  end

  def test_a_connection_that_was_open_is_made_again
    call = driver.call(nil)
    driver.submit(call)
    driver.connect
    assert_equal true, call.outcome
    driver.lose
    assert_equal :waiting, driver.courier.state
  end

  def test_a_connect_that_fails_is_not_tried_again
    call = driver.call(nil)
    driver.submit(call)
    driver.courier.connect_now?(driver.now)
    driver.courier.connect_failed(Orbited::ConnectFailed.new("no"), driver.now)
    assert_kind_of Orbited::ConnectFailed, call.outcome
    assert_equal :idle, driver.courier.state
  end
end
