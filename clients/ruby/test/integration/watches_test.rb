# frozen_string_literal: true

require_relative "../test_helper"

# Orbited::Client's watches against the real server.
class WatchesTest < Minitest::Test
  parallelize_me!

  PATIENCE = 30

  def setup
    OrbitedServer.need(self)
  end

  def with_server(settings = {})
    OrbitedServer.run(settings) do |server|
      Orbited::Client.open("127.0.0.1", server.control_port) { |orbit| yield orbit, server }
    end
  end

  def test_a_watch_tells_who_is_there_and_who_comes_and_goes
    with_server("session.timeout" => 1) do |orbit, server|
      Browser.open(server.http_port, "a", "0", "/x") do
        watch = orbit.watch("*, *, /x", state: true)
        present = watch.next(timeout: PATIENCE)
        assert_equal [Orbited::Present, "a, 0, /x"], [present.class, present.key.to_s]
        Browser.open(server.http_port, "b", "0", "/x") do
          signon = watch.next(timeout: PATIENCE)
          assert_equal [Orbited::Signon, "b, 0, /x"], [signon.class, signon.key.to_s]
          assert_equal present.sequence + 1, signon.sequence
        end
        signoff = watch.next(timeout: PATIENCE)
        assert_equal [Orbited::Signoff, "b, 0, /x", "expired"], [signoff.class, signoff.key.to_s, signoff.reason]
        assert orbit.unwatch(watch)
        assert_nil watch.next(timeout: PATIENCE)
      end
    end
  end

  def test_a_signoff_names_the_events_that_were_missed
    with_server("session.timeout" => 2) do |orbit, server|
      watch = orbit.watch("a, 0, /x")
      browser = Browser.open(server.http_port, "a", "0", "/x")
      assert_kind_of Orbited::Signon, watch.next(timeout: PATIENCE)
      browser.close
      Patience.until { orbit.event("a, 0, /x", 1, ttl: 0).failure? }
      missed = Array.new(3) { orbit.submit("a, 0, /x", 2) }
      signoff = watch.next(timeout: PATIENCE)
      assert_equal missed.map(&:id), signoff.missed
      assert_equal signoff.missed, (missed.map { |submission| submission.value.id })
      assert_equal [301] * 3, missed.map { |submission| submission.value.unreached.first.code }
    end
  end

  def test_a_watch_goes_on_where_an_earlier_one_was_read
    with_server do |orbit, server|
      pages = [Browser.open(server.http_port, "a", "0", "/x")]
      first = orbit.watch("*, *, *", state: true)
      assert_equal "a", first.next(timeout: PATIENCE).key.user
      orbit.unwatch(first)
      pages << Browser.open(server.http_port, "b", "0", "/x")
      second = orbit.watch("*, *, *", since: first.position)
      assert_equal "b", second.next(timeout: PATIENCE).key.user
      lost = orbit.watch("*, *, *", since: Orbited::Position.new(epoch: "another", sequence: 1))
      assert_kind_of Orbited::Gap, lost.next(timeout: PATIENCE)
      pages.each(&:close)
    end
  end

  def test_a_block_gets_each_notice_until_it_breaks
    with_server do |orbit, server|
      pages = %w[a b].map { |user| Browser.open(server.http_port, user, "0", "/x") }
      seen = []
      result = orbit.watch("*, *, *", state: true) do |notice|
        seen << notice.key.user
        break "enough" if seen.size == 2
      end
      assert_equal ["enough", %w[a b]], [result, seen.sort]
      pages.each(&:close)
    end
  end
end
