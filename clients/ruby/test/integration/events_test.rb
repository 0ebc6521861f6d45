# frozen_string_literal: true

require "net/http"
require "tempfile"
require_relative "../test_helper"

# Orbited::Client against the real server: events and their fates.
class EventsTest < Minitest::Test
  parallelize_me!

  def setup
    OrbitedServer.need(self)
  end

  def with_server(settings = {}, sections = "")
    OrbitedServer.run(settings, sections) do |server|
      Orbited::Client.open("127.0.0.1", server.control_port) { |orbit| yield orbit, server }
    end
  end

  def browser(server, user, session = "0", location = "/x", **options, &block)
    Browser.open(server.http_port, user, session, location, **options, &block)
  end

  def fates(receipt)
    receipt.unreached.map(&:to_s)
  end

  def test_an_event_reaches_a_browser
    with_server do |orbit, server|
      browser(server, "a") do |page|
        receipt = orbit.event("a, 0, /x", { "text" => "Grüße 😀" })
        assert receipt.success?
        assert_equal 1, receipt.reached
        assert_equal({ "text" => "Grüße 😀" }, JSON.parse(page.next_event))
      end
    end
  end

  def test_a_body_without_json_is_sent_as_it_is
    with_server do |orbit, server|
      browser(server, "a") do |page|
        assert orbit.event("a, 0, /x", "<b>é</b>", json: false).success?
        assert_equal "<b>é</b>", page.next_event
      end
    end
  end

  def test_nobody_is_unreachable
    with_server do |orbit, _|
      receipt = orbit.event(%w[nobody].map { |name| [name, "0", "/x"] }, 1)
      assert receipt.failure?
      assert_equal ["301 unreachable (nobody, 0, /x)"], fates(receipt)
      assert_equal 0, receipt.reached
    end
  end

  def test_an_event_expires_while_its_browser_is_away
    with_server("session.timeout" => 60) do |orbit, server|
      browser(server, "a") { |page| assert(orbit.event("a, 0, /x", 1).success?) && page.next_event }
      # Until the server has seen that the browser is gone, events are handed over.
      receipt = Patience.until { orbit.event("a, 0, /x", 2, ttl: 0).then { |one| one if one.failure? } }
      assert_equal ["302 expired (a, 0, /x)"], fates(receipt)
      assert_equal ["302 expired (a, 0, /x)"], fates(orbit.event("a, 0, /x", 3, ttl: 1))
    end
  end

  def test_a_full_queue_overflows
    with_server({ "session.timeout" => 60 }, "[limits]\nsession.waiting = 1\n") do |orbit, server|
      browser(server, "a") { |page| assert(orbit.event("a, 0, /x", 1).success?) && page.next_event }
      Patience.until { orbit.event("a, 0, /x", 2, ttl: 0).failure? }
      waiting = orbit.submit("a, 0, /x", 3)
      assert_equal ["303 overflow (a, 0, /x)"], fates(orbit.event("a, 0, /x", 4))
      assert_equal 1, orbit.close("a, 0, /x", reason: "enough")
      assert_equal ["304 refused (a, 0, /x)"], fates(waiting.value)
    end
  end

  def test_a_stream_without_cursors_confirms_nothing
    with_server do |orbit, server|
      browser(server, "a", transport: "iframe") do
        assert_equal ["305 unconfirmed (a, 0, /x)"], fates(orbit.event("a, 0, /x", 1, ack: "browser"))
      end
    end
  end

  def test_the_browsers_word_makes_a_receipt
    with_server do |orbit, server|
      browser(server, "a") do |page|
        confirmed = orbit.submit("a, 0, /x", 1, ack: :browser)
        page.next_event
        refute confirmed.done?
        path = "/x?user=a&session=0&ack=#{page.cursor}"
        answer = Net::HTTP.get_response(URI("http://127.0.0.1:#{server.http_port}#{path}"))
        assert_equal "204", answer.code
        assert_equal 1, confirmed.value.reached
      end
    end
  end

  def test_a_pattern_stands_for_all_who_are_there
    with_server do |orbit, server|
      browser(server, "a") do |first|
        browser(server, "b", "1") do |second|
          browser(server, "c", "0", "/other") do
            receipt = orbit.event(["*, *, /x", "a, 0, /x", "d, 0, /x"], "hi")
            assert_equal 2, receipt.reached
            assert_equal ["301 unreachable (d, 0, /x)"], fates(receipt)
            assert_equal ['"hi"'] * 2, [first.next_event, second.next_event]
          end
        end
      end
      assert_equal 0, orbit.event("*, *, /nobody", 1).reached
    end
  end

  def test_who_is_there_is_listed_and_closed
    with_server do |orbit, server|
      browser(server, "b") do |second|
        browser(server, "a") do |first|
          assert_equal ["a, 0, /x", "b, 0, /x"], orbit.list("*, *, *").sort.map(&:to_s)
          assert orbit.list("*, *, /x", limit: 1).more?
          refute orbit.list("*, *, /x").more?
          assert_equal 2, orbit.close("*, 0, *", reason: "Good night")
          first.wait_for_end
          second.wait_for_end
          assert_equal [], orbit.list("*, *, *").to_a
        end
      end
    end
  end

  def test_many_threads_events_all_arrive
    with_server do |orbit, server|
      browser(server, "a") do |page|
        threads = 8.times.map { |n| Thread.new { 25.times { |m| assert orbit.event("a, 0, /x", (25 * n) + m).success? } } }
        threads.each(&:join)
        assert_equal (0...200).to_a, Array.new(200) { page.next_event.to_i }.sort
      end
    end
  end

  def test_pipelined_events_arrive_in_their_order
    with_server do |orbit, server|
      browser(server, "a") do |page|
        submissions = Array.new(1000) { |number| orbit.submit("a, 0, /x", number) }
        assert(submissions.map(&:value).all?(&:success?))
        assert_equal (0...1000).map(&:to_s), Array.new(1000) { page.next_event }
      end
    end
  end

  def test_a_secret_lets_in
    secret = Tempfile.new
    secret.write("let me in\n")
    secret.close
    OrbitedServer.run("op.secret_file" => secret.path) do |server|
      Orbited::Client.open("127.0.0.1", server.control_port, secret: "let me in") do |orbit|
        assert orbit.ping
        assert orbit.reconnect.ping
      end
      Orbited::Client.open("127.0.0.1", server.control_port) do |orbit|
        assert_equal 501, assert_raises(Orbited::RefusedError) { orbit.ping }.code
        assert orbit.auth("let me in")
        assert orbit.reconnect.ping
      end
      Orbited::Client.open("127.0.0.1", server.control_port, secret: "let me inn") do |orbit|
        assert_equal 502, assert_raises(Orbited::RefusedError) { orbit.ping }.code
      end
    end
  end

  def test_a_refusal_names_its_code
    with_server({}, "[limits]\ncontrol.body = 10\n") do |orbit, _|
      error = assert_raises(Orbited::RefusedError) { orbit.event("a, 0, /x", "x" * 11) }
      assert_equal [204, "body_too_large", false], [error.code, error.name, error.retriable?]
      assert orbit.ping
    end
  end
end
