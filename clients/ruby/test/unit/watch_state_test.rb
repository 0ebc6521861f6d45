# frozen_string_literal: true

require_relative "../test_helper"

# Watches over lost connections.
class WatchStateTest < Minitest::Test
  parallelize_me!

  def setup
    @driver = CourierDriver.new
  end

  def begin_watch(**options)
    watch, call = @driver.watch(**options)
    frame = @driver.connect.last
    [watch, call, frame]
  end

  def read(watch)
    notices = []
    while (one = watch.shift)
      notices << one
    end
    notices.map { |notice| [notice.class.name.split("::").last, notice.sequence] }
  end

  def lose_and_connect
    @driver.lose
    @driver.wait(1)
    @driver.connect.last
  end

  def test_notices_come_in_their_order
    watch, call, frame = begin_watch(state: true)
    assert_equal ["Watch", ["*, *, /x"], ["yes"]], [frame.action, frame.values("recipient"), frame.values("state")]
    @driver.success(2, "epoch: e", "sequence: 4", "present: 1")
    @driver.notice("Present", 2, 4)
    @driver.notice("Signon", 2, 5)
    @driver.notice("Signoff", 2, 7, reason: "expired", missed: 9)
    assert_kind_of Orbited::Watched, call.outcome
    assert_equal [["Present", 4], ["Signon", 5], ["Signoff", 7]], read(watch)
  end

  def test_a_watch_goes_on_after_its_last_notice
    watch, = begin_watch
    @driver.success(2, "epoch: e", "sequence: 4")
    @driver.notice("Signon", 2, 5)
    frame = lose_and_connect
    assert_equal ["2", ["e"], ["5"]], [frame.id, frame.values("epoch"), frame.values("sequence")]
    @driver.success(2, "epoch: e", "sequence: 5", "resumed: yes")
    @driver.notice("Signon", 2, 6)
    assert_equal [["Signon", 5], ["Signon", 6]], read(watch)
  end

  def test_a_watch_that_can_not_go_on_tells_of_the_gap_first
    watch, = begin_watch(state: true)
    @driver.success(2, "epoch: e", "sequence: 4", "present: 0")
    frame = lose_and_connect
    assert_equal ["yes"], frame.values("state")
    @driver.success(2, "epoch: f", "sequence: 1", "resumed: no", "present: 1")
    @driver.notice("Present", 2, 1, epoch: "f")
    assert_equal [["Gap", 1], ["Present", 1]], read(watch)
  end

  def test_a_state_that_was_told_in_part_is_told_anew
    watch, = begin_watch(state: true)
    @driver.success(2, "epoch: e", "sequence: 4", "present: 2")
    @driver.notice("Present", 2, 4)
    frame = lose_and_connect
    assert_equal [[], []], [frame.values("epoch"), frame.values("sequence")]
    @driver.success(2, "epoch: e", "sequence: 4", "present: 1")
    @driver.notice("Present", 2, 4)
    assert_equal [["Present", 4], ["Gap", 4], ["Present", 4]], read(watch)
  end

  def test_a_watch_that_was_not_answered_begins_anew
    watch, call, = begin_watch
    frame = lose_and_connect
    assert_equal ["Watch", "4", []], [frame.action, frame.id, frame.values("epoch")]
    @driver.success(4, "epoch: e", "sequence: 4")
    assert_kind_of Orbited::Watched, call.outcome
    assert_equal [], read(watch)
  end

  def test_a_reader_that_is_too_slow_loses_the_watch_and_not_what_waits
    watch, = begin_watch(limit: 2)
    @driver.success(2, "epoch: e", "sequence: 0")
    3.times { |n| @driver.notice("Signon", 2, n + 1) }
    assert watch.ended?
    assert_kind_of Orbited::NoticesOverflow, watch.error
    assert_equal [["Signon", 1], ["Signon", 2]], read(watch)
    assert_equal([%w[Unwatch 2]], @driver.sent.map { |frame| [frame.action, frame.values("watch").first] })
  end

  def test_the_server_may_end_a_watch
    watch, = begin_watch
    @driver.success(2, "epoch: e", "sequence: 0")
    @driver.failure(2, "404 watch_overflow")
    assert_equal [404, true], [watch.error.code, watch.error.retriable?]
    assert @driver.courier.linked?
  end

  def test_a_watch_that_is_refused_ends_its_call
    _, call, = begin_watch
    @driver.failure(2, "206 too_many_watches")
    assert_equal 206, call.outcome.code
  end

  def test_a_renewal_that_is_refused_ends_the_watch
    watch, = begin_watch
    @driver.success(2, "epoch: e", "sequence: 0")
    lose_and_connect
    @driver.failure(2, "501 auth_required")
    assert_equal 501, watch.error.code
  end

  def test_a_watch_may_go_on_where_another_one_was_and_its_place_is_that_of_the_last_notice_read
    since = Orbited::Position.new(epoch: "e", sequence: 7)
    watch, _, frame = begin_watch(since: since)
    assert_equal [["e"], ["7"]], [frame.values("epoch"), frame.values("sequence")]
    assert_equal since, watch.position
    @driver.success(2, "epoch: e", "sequence: 7", "resumed: yes")
    2.times { |n| @driver.notice("Signon", 2, 8 + n) }
    assert_equal since, watch.position
    watch.shift
    assert_equal Orbited::Position.new(epoch: "e", sequence: 8), watch.position
    assert_equal [["Signon", 9]], read(watch)
  end

  def test_an_old_place_that_the_server_does_not_know_is_a_gap
    since = Orbited::Position.new(epoch: "old", sequence: 7)
    watch, = begin_watch(since: since)
    @driver.success(2, "epoch: e", "sequence: 3", "resumed: no")
    assert_equal since, watch.position
    assert_equal [["Gap", 3]], read(watch)
    assert_equal Orbited::Position.new(epoch: "e", sequence: 3), watch.position
  end

  def test_there_is_no_place_to_go_on_from_while_a_state_is_not_read_to_its_end
    watch, = begin_watch(state: true)
    assert_nil watch.position
    @driver.success(2, "epoch: e", "sequence: 4", "present: 2")
    2.times { @driver.notice("Present", 2, 4) }
    watch.shift
    assert_nil watch.position
    watch.shift
    assert_equal Orbited::Position.new(epoch: "e", sequence: 4), watch.position
  end

  def test_a_watch_that_has_had_no_notice_has_the_place_where_it_began
    watch, = begin_watch
    @driver.success(2, "epoch: e", "sequence: 4")
    assert_equal Orbited::Position.new(epoch: "e", sequence: 4), watch.position
  end

  def test_a_place_that_is_none_is_refused
    [{ epoch: "e", sequence: 1 }, Orbited::Position.new(epoch: "", sequence: 1), Orbited::Position.new(epoch: "e", sequence: -1)]
      .each { |since| assert_raises(Orbited::InvalidValue) { @driver.watch(since: since) } }
  end

  def test_a_server_that_only_tells_notices_is_asked_for_a_sign_of_life
    begin_watch
    @driver.success(2, "epoch: e", "sequence: 4")
    @driver.wait(30)
    assert_equal(["Ping"], @driver.sent.map(&:action))
    @driver.wait(10)
    refute @driver.courier.linked?
  end

  def test_a_server_of_orbit_10_can_not_be_watched_and_one_that_became_such_ends_a_watch
    watch, = begin_watch
    @driver.success(2, "epoch: e", "sequence: 4")
    @driver.lose
    @driver.wait(1)
    assert_equal [], @driver.connect10
    assert_kind_of Orbited::UnsupportedVersion, watch.error
    assert_kind_of Orbited::UnsupportedVersion, @driver.watch.last.outcome
  end

  def test_an_unwatch_ends_it
    watch, = begin_watch
    @driver.success(2, "epoch: e", "sequence: 0")
    call = @driver.courier.unwatch(watch, @driver.now)
    @driver.notice("Signon", 2, 1)
    @driver.success(@driver.sent.first.id)
    assert_kind_of Orbited::Done, call.outcome
    assert watch.ended?
    assert_equal [], read(watch)
    assert_nil @driver.courier.unwatch(watch, @driver.now)
  end

  def test_an_unwatch_that_comes_too_late_is_none_the_less_done
    watch, = begin_watch
    @driver.success(2, "epoch: e", "sequence: 0")
    call = @driver.courier.unwatch(watch, @driver.now)
    @driver.failure(@driver.sent.first.id, "113 unknown_watch")
    assert_kind_of Orbited::Done, call.outcome
  end

  def test_an_unwatch_is_done_when_the_connection_is_lost
    watch, = begin_watch
    @driver.success(2, "epoch: e", "sequence: 0")
    call = @driver.courier.unwatch(watch, @driver.now)
    @driver.sent
    assert_nil lose_and_connect
    assert_kind_of Orbited::Done, call.outcome
  end

  def test_a_watch_nobody_waits_for_any_more_is_ended_when_it_begins
    _, call, = begin_watch
    @driver.courier.cancel(call)
    @driver.success(2, "epoch: e", "sequence: 0")
    assert_equal(["Unwatch"], @driver.sent.map(&:action))
  end

  def test_a_notice_of_no_watch_is_a_violation
    begin_watch
    @driver.notice("Signon", 2, 1)
    assert_kind_of Orbited::ProtocolError, @driver.courier.last_failure
  end
end
