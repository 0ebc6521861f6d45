# frozen_string_literal: true

require_relative "../test_helper"

# The state machine that carries calls over connections.
class CourierTest < Minitest::Test
  parallelize_me!

  def driver(**options)
    @driver ||= CourierDriver.new(**options)
  end

  def test_an_event_waits_for_a_connection_and_gets_its_receipt
    call = driver.event
    assert_equal :waiting, driver.courier.state
    frame, = driver.connect
    assert_equal ["Orbit 1.1", "Event", "id: 2", "recipient: a, 0, /x", "length: 1"], frame.lines
    driver.success(2, "reached: 1")
    assert_equal ["2", 1], [call.outcome.id, call.outcome.reached]
    assert driver.courier.quiet?
  end

  def test_replies_come_in_any_order
    calls = Array.new(3) { driver.event }
    driver.connect
    driver.success(4, "reached: 3")
    driver.success(2, "reached: 1")
    driver.success(3, "reached: 2")
    assert_equal([1, 2, 3], calls.map { |call| call.outcome.reached })
  end

  def test_an_event_on_a_lost_connection_ends_in_an_error_that_is_not_safe_to_retry
    call = driver.event
    driver.connect
    driver.lose
    assert_kind_of Orbited::ConnectionLost, call.outcome
    assert call.outcome.maybe_delivered?
    refute call.outcome.safe_to_retry?
  end

  def test_an_event_that_was_sent_in_part_is_sent_again
    call = driver.event
    driver.success(driver.open.id)
    driver.courier.sent(driver.courier.outbox.bytesize - 1, driver.now)
    driver.lose
    refute call.ended?
    driver.wait(1)
    assert_equal ["4"], driver.connect.map(&:id)
    driver.success(4, "reached: 1")
    assert call.outcome.success?
  end

  def test_an_event_that_was_sent_in_part_can_not_have_been_delivered
    call = driver.event
    driver.success(driver.open.id)
    driver.courier.sent(driver.courier.outbox.bytesize - 1, driver.now)
    driver.courier.disconnect
    assert call.outcome.safe_to_retry?
  end

  def test_a_call_nobody_waits_for_any_more_is_not_sent_again
    call = driver.event(try_again: true)
    driver.connect
    driver.courier.cancel(call)
    driver.lose
    driver.wait(1)
    assert_equal [], driver.connect
    assert call.outcome.maybe_delivered?
  end

  def test_what_was_sent_comes_before_what_waited_after_a_loss
    driver = CourierDriver.new(limits: Orbited::Limits.new(in_flight: 1))
    driver.event("a, 0, /x", try_again: true)
    driver.event("b, 0, /x")
    assert_equal(["a, 0, /x"], driver.connect.flat_map { |frame| frame.values("recipient") })
    driver.lose
    driver.wait(1)
    assert_equal(["a, 0, /x"], driver.connect.flat_map { |frame| frame.values("recipient") })
  end

  def test_a_server_that_has_answered_others_is_not_asked_whether_it_is_there
    driver.event(seconds: 5)
    driver.connect
    driver.event
    driver.wait(1)
    driver.success(driver.sent.first.id, "reached: 1")
    driver.wait(4)
    assert_equal [], driver.sent
  end

  def test_with_try_again_an_event_is_sent_again_and_its_errors_know
    calls = [driver.event(try_again: true), driver.event(try_again: true)]
    driver.connect
    driver.lose
    driver.wait(1)
    assert_equal %w[5 6], driver.connect.map(&:id)
    driver.success(5, "reached: 1")
    driver.failure(6, "204 body_too_large")
    assert calls.first.outcome.success?
    assert_equal 204, calls.last.outcome.code
    assert calls.last.outcome.maybe_delivered?
  end

  def test_calls_keep_their_order_over_a_loss
    driver.event("a, 0, /x", try_again: true)
    driver.event("b, 0, /x", try_again: true)
    driver.connect
    driver.lose
    driver.event("c, 0, /x")
    driver.wait(1)
    assert_equal(["a, 0, /x", "b, 0, /x", "c, 0, /x"], driver.connect.flat_map { |frame| frame.values("recipient") })
  end

  def test_a_call_that_changes_nothing_is_safe_to_retry
    call = driver.call(Orbited::Request.ping)
    driver.submit(call)
    driver.connect
    driver.lose
    assert call.outcome.safe_to_retry?
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

  def test_without_a_connection_a_call_ends_in_time_and_says_why
    call = driver.event(seconds: 5)
    driver.courier.connect_now?(driver.now)
    driver.courier.connect_failed(Orbited::ConnectFailed.new("nobody listens"), driver.now)
    driver.wait(4.9)
    refute call.ended?
    driver.wait(0.1)
    assert_kind_of Orbited::Timeout, call.outcome
    assert_match(/nobody listens/, call.outcome.message)
    assert call.outcome.safe_to_retry?
  end

  def test_a_reply_that_is_late_hurts_nobody
    late = driver.event(seconds: 5)
    driver.connect
    driver.wait(5)
    assert_kind_of Orbited::Timeout, late.outcome
    assert late.outcome.maybe_delivered?
    call = driver.event
    driver.success(2, "reached: 1")
    driver.success(driver.sent.last.id, "reached: 7")
    assert_equal 7, call.outcome.reached
  end

  def test_a_server_that_is_silent_is_asked_whether_it_is_there_and_given_up
    driver.event(seconds: 5)
    other = driver.event(seconds: 100)
    driver.connect
    driver.wait(5)
    assert_equal ["Ping"], driver.sent.map(&:action)
    driver.wait(10)
    assert_kind_of Orbited::ConnectionLost, other.outcome
    refute driver.courier.linked?
  end

  def test_a_server_that_answers_the_ping_is_kept
    driver.event(seconds: 5)
    other = driver.event(seconds: 100)
    driver.connect
    driver.wait(5)
    driver.success(driver.sent.first.id)
    driver.wait(20)
    refute other.ended?
    assert driver.courier.linked?
  end

  def test_a_full_queue_does_as_its_policy_says
    driver = CourierDriver.new(policy: :wait, size: 1)
    driver.event
    refute driver.submit(driver.call(Orbited::Request.ping))

    driver = CourierDriver.new(policy: :fail, size: 1)
    calls = Array.new(2) { driver.event }
    assert_kind_of Orbited::QueueFull, calls.last.outcome
    assert calls.last.outcome.safe_to_retry?
    refute calls.first.ended?

    driver = CourierDriver.new(policy: :drop_oldest, size: 1)
    calls = Array.new(2) { driver.event }
    assert_kind_of Orbited::Dropped, calls.first.outcome
    assert calls.first.outcome.safe_to_retry?
    refute calls.last.ended?
  end

  def test_with_a_connection_no_policy_fails_a_call
    driver = CourierDriver.new(policy: :fail, size: 1, limits: Orbited::Limits.new(in_flight: 1))
    driver.event
    driver.connect
    driver.event
    refute driver.submit(driver.call(Orbited::Request.ping))
    driver.success(2, "reached: 1")
    assert_equal ["3"], driver.sent.map(&:id)
  end

  def test_no_more_calls_are_under_way_than_may_be
    driver = CourierDriver.new(limits: Orbited::Limits.new(in_flight: 2))
    5.times { driver.event }
    assert_equal %w[2 3], driver.connect.map(&:id)
    driver.success(3, "reached: 1")
    assert_equal %w[4], driver.sent.map(&:id)
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

  def test_ids_begin_with_the_prefix
    driver = CourierDriver.new(prefix: "p-")
    call = driver.event
    assert_equal ["p-2"], driver.connect.map(&:id)
    driver.success("p-2", "reached: 1")
    assert_equal "p-2", call.outcome.id
  end

  def test_an_id_of_the_largest_size_counts_for_the_limits
    limits = Orbited::Limits.new(head: 66)
    request = Orbited::Request.event([Orbited::ConnectionKey.parse("a, 0, /x")], "1")
    request.check(limits, "1")
    assert_raises(Orbited::LimitExceeded) { CourierDriver.new(limits: limits, prefix: "p-").submit(driver.call(request)) }
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

  def test_a_silent_server_is_asked_for_a_sign_of_life_and_left_without_one
    call = driver.event(seconds: 1000)
    driver.connect
    driver.wait(29)
    assert_equal [], driver.sent
    assert_equal driver.now + 1, driver.courier.wake_at
    driver.wait(1)
    driver.success(driver.sent.first.id)
    driver.wait(30)
    assert_equal ["Ping"], driver.sent.map(&:action)
    driver.wait(10)
    assert_kind_of Orbited::ConnectionLost, call.outcome
    refute driver.courier.linked?
  end

  def test_whatever_the_server_says_is_a_sign_of_life
    other = driver.event(seconds: 1000)
    call = driver.event(seconds: 1000)
    driver.connect
    driver.wait(30)
    driver.sent
    driver.wait(1)
    driver.success(2, "reached: 1")
    driver.wait(9)
    assert driver.courier.linked?
    assert_equal [true, false], [other, call].map(&:ended?)
    assert_equal driver.now + 21, driver.courier.wake_at
  end

  def test_a_connection_of_which_nothing_is_awaited_is_left_in_peace
    driver.submit(driver.call(nil))
    driver.connect
    driver.wait(1_000_000)
    assert_nil driver.courier.wake_at
    driver.event(seconds: 1000)
    driver.sent
    driver.wait(29)
    assert_equal [], driver.sent
  end

  def test_without_a_heartbeat_a_silent_server_is_waited_for
    driver = CourierDriver.new(heartbeat: nil)
    driver.event(seconds: 1000)
    driver.connect
    driver.wait(999)
    assert_equal [], driver.sent
  end

  def test_a_server_of_orbit_10_is_not_asked_what_it_does_not_know
    late = driver.event(seconds: 40)
    other = driver.event(seconds: 1000)
    driver.connect10
    driver.wait(30)
    driver.wait(10)
    assert_equal [[], true, false], [driver.sent, late.ended?, other.ended?]
  end

  def test_large_frames_wait_for_each_other_but_one_may_always_go
    driver = CourierDriver.new(limits: Orbited::Limits.new(in_flight_bytes: 50))
    2.times { driver.event }
    assert_equal ["2"], driver.connect.map(&:id)
    driver.success(2, "reached: 1")
    assert_equal ["3"], driver.sent.map(&:id)
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

  def test_a_call_nobody_waits_for_any_more_is_not_sent
    call = driver.event
    driver.courier.cancel(call)
    assert_equal [], driver.connect
    assert call.outcome.safe_to_retry?
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

  def test_what_is_too_large_is_refused_at_once
    big = Orbited::Request.event([Orbited::ConnectionKey.parse("a, 0, /x")], "x" * 1_048_577)
    error = assert_raises(Orbited::LimitExceeded) { driver.submit(driver.call(big)) }
    assert_equal [:body, 1_048_577, 1_048_576], [error.limit, error.value, error.maximum]
    assert_equal :idle, driver.courier.state
  end
end
