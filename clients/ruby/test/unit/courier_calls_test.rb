# frozen_string_literal: true

require_relative "../test_helper"

# What becomes of calls.
class CourierCallsTest < Minitest::Test
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

  def test_large_frames_wait_for_each_other_but_one_may_always_go
    driver = CourierDriver.new(limits: Orbited::Limits.new(in_flight_bytes: 50))
    2.times { driver.event }
    assert_equal ["2"], driver.connect.map(&:id)
    driver.success(2, "reached: 1")
    assert_equal ["3"], driver.sent.map(&:id)
  end

  def test_a_call_nobody_waits_for_any_more_is_not_sent
    call = driver.event
    driver.courier.cancel(call)
    assert_equal [], driver.connect
    assert call.outcome.safe_to_retry?
  end

  def test_what_is_too_large_is_refused_at_once
    big = Orbited::Request.event([Orbited::ConnectionKey.parse("a, 0, /x")], "x" * 1_048_577)
    error = assert_raises(Orbited::LimitExceeded) { driver.submit(driver.call(big)) }
    assert_equal [:body, 1_048_577, 1_048_576], [error.limit, error.value, error.maximum]
    assert_equal :idle, driver.courier.state
  end
end
