# frozen_string_literal: true

require_relative "../test_helper"

# Orbited::Client against real servers that end.
class LossesTest < Minitest::Test
  parallelize_me!

  FAST = { backoff: Orbited::Backoff.new(base: 0.01, cap: 0.05) }.freeze

  def setup
    OrbitedServer.need(self)
  end

  def test_ten_thousand_events_in_mid_stream_of_which_the_server_is_killed_all_end
    OrbitedServer.run do |server|
      Browser.open(server.http_port, "a", "0", "/x") do
        orbit = Orbited::Client.new("127.0.0.1", server.control_port, timeout: 5, queue: 10_000, **FAST)
        submissions = Queue.new
        sender = Thread.new { 10_000.times { |number| submissions << orbit.submit("a, 0, /x", number) } }
        first = submissions.pop
        assert first.value.success?
        server.kill
        ends = [first] + Array.new(9_999) { submissions.pop }
        sender.join
        receipts, errors = ends.partition { |submission| submission.wait.error.nil? }
        assert(receipts.all? { |submission| submission.value.is_a?(Orbited::Receipt) })
        refute_empty errors
        errors.map(&:error).each do |error|
          assert_kind_of Orbited::Error, error
          assert error.maybe_delivered? ^ error.safe_to_retry?, error.inspect
        end
        orbit.disconnect(timeout: 0)
      end
    end
  end

  def test_events_that_are_tried_again_all_get_a_receipt_from_the_next_server
    OrbitedServer.run do |first|
      orbit = Orbited::Client.new("127.0.0.1", first.control_port, **FAST)
      submissions = Queue.new
      sender = Thread.new { 3000.times { |n| submissions << orbit.submit("*, *, /x", n, try_again: true) } }
      ends = [submissions.pop.wait]
      first.kill
      OrbitedServer.run("op.port" => first.control_port) do
        ends += Array.new(2999) { submissions.pop }
        sender.join
        assert(ends.all? { |submission| submission.value.success? })
        orbit.disconnect
      end
    end
  end

  def test_after_a_restart_the_client_goes_on
    OrbitedServer.run do |first|
      orbit = Orbited::Client.new("127.0.0.1", first.control_port, timeout: 30, **FAST)
      assert orbit.ping
      first.kill
      OrbitedServer.run("op.port" => first.control_port) do |second|
        Browser.open(second.http_port, "a", "0", "/x") do |page|
          assert orbit.event("a, 0, /x", "after", try_again: true).success?
          assert_equal '"after"', page.next_event
        end
        orbit.disconnect
      end
    end
  end

  def test_a_watch_goes_on_after_a_restart_and_tells_of_the_gap
    OrbitedServer.run do |first|
      orbit = Orbited::Client.new("127.0.0.1", first.control_port, timeout: 30, **FAST)
      watch = orbit.watch("*, *, /x", state: true)
      first.kill
      OrbitedServer.run("op.port" => first.control_port) do |second|
        Browser.open(second.http_port, "a", "0", "/x") do
          gap = watch.next(timeout: 30)
          assert_kind_of Orbited::Gap, gap
          news = watch.next(timeout: 30)
          assert_includes [Orbited::Present, Orbited::Signon], news.class
          assert_equal [gap.epoch, "a, 0, /x"], [news.epoch, news.key.to_s]
        end
        orbit.disconnect
      end
    end
  end

  def test_a_server_that_ends_in_order_answers_what_it_took
    OrbitedServer.run do |server|
      Orbited::Client.open("127.0.0.1", server.control_port, timeout: 5) do |orbit|
        submissions = Array.new(100) { orbit.submit("a, 0, /x", 1) }
        submissions.first.wait
        server.stop
        errors = submissions.filter_map { |submission| submission.wait.error }
        errors.each { |error| assert error.safe_to_retry?, error.inspect }
        assert_operator errors.size, :<, 100
        orbit.disconnect(timeout: 0)
      end
    end
  end
end
