# frozen_string_literal: true

require_relative "../test_helper"

# What takes too long.
class CourierTimeTest < Minitest::Test
  parallelize_me!

  def driver(**options)
    @driver ||= CourierDriver.new(**options)
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
end
