# frozen_string_literal: true

require_relative "../test_helper"
require "ruby-orbited"

# SimpleOrbit::Client against peers that each test scripts.
class SimpleTest < Minitest::Test
  parallelize_me!

  KEY = "a, 0, /x"
  SUCCEED = ->(peer, frame) { peer.send("Success\r\nid: #{frame.id}\r\n\r\n") }

  def with_peer(*scripts, **options)
    ScriptedPeer.run(*scripts) do |peer|
      orbit = SimpleOrbit::Client.new("127.0.0.1", peer.port, timeout: 20, **options)
      yield orbit
      orbit.disconnect
    end
  end

  def answer_all
    lambda do |peer|
      while (frame = peer.frame)
        SUCCEED.call(peer, frame)
      end
    end
  end

  def test_the_frame_is_one_of_orbit_10
    frames = Queue.new
    script = lambda do |peer|
      frames << (frame = peer.frame)
      SUCCEED.call(peer, frame)
      peer.read_to_end
    end
    with_peer(script) do |orbit|
      receipt = orbit.event(["michael, 0, /chat", "*, 0, /chat"], "Hello, browser!")
      assert receipt.success?
      assert_equal 2, receipt.reached
    end
    frame = frames.pop
    head = ["Orbit 1.0", "Event", "id: 1", "recipient: michael, 0, /chat", "recipient: *, 0, /chat", "length: 17"]
    assert_equal [head, '"Hello, browser!"'], [frame.lines, frame.body]
  end

  def test_who_was_not_reached_is_named
    reply = "Failure\r\nid: 1\r\nmsg: Failed to reach one or more recipients\r\nrecipient: (b, 0, /x)\r\n\r\n"
    with_peer(->(peer) { peer.frame && peer.send(reply) && peer.read_to_end }) do |orbit|
      receipt = orbit.event([KEY, ["b", "0", "/x"]], "x", false)
      assert receipt.failure?
      assert_equal [1, ["b, 0, /x"]], [receipt.reached, receipt.unreached_keys.map(&:to_s)]
    end
  end

  def test_a_lost_event_is_sent_once_more
    with_peer(->(peer) { peer.frame }, answer_all) do |orbit|
      assert_equal "2", orbit.event(KEY, 1).id
    end
  end

  def test_without_a_second_try_a_loss_is_raised
    with_peer(->(peer) { peer.frame }) do |orbit|
      error = assert_raises(Orbited::ConnectionLost) { orbit.event(KEY, 1, true, false) }
      assert error.maybe_delivered?
      refute orbit.connected?
    end
  end

  def test_the_second_loss_is_raised
    with_peer(->(peer) { peer.frame }, ->(peer) { peer.frame }) do |orbit|
      assert assert_raises(Orbited::ConnectionLost) { orbit.event(KEY, 1) }.maybe_delivered?
    end
  end

  def test_a_connection_that_was_closed_while_idle_is_replaced
    closed = Queue.new
    first = lambda do |peer|
      SUCCEED.call(peer, peer.frame)
      peer.finish_sending
      peer.read_to_end
      closed << true
    end
    with_peer(first, answer_all) do |orbit|
      assert orbit.event(KEY, 1).success?
      # The end has come when the exchange can be read to it.
      Patience.until { orbit.instance_variable_get(:@exchange).stale? }
      assert_equal "2", orbit.event(KEY, 2, true, false).id
      closed.pop
    end
  end

  def test_a_good_bye_is_tried_again_and_without_a_second_try_safe_to_retry
    good_bye = lambda do |peer|
      frame = peer.frame
      peer.send("Failure\r\nid: #{frame.id}\r\nmsg: Good-bye\r\ncode: 402 shutting_down\r\n\r\n")
    end
    with_peer(good_bye, answer_all) { |orbit| assert_equal "2", orbit.event(KEY, 1).id }
    with_peer(good_bye) do |orbit|
      error = assert_raises(Orbited::RefusedError) { orbit.event(KEY, 1, true, false) }
      assert_equal [402, true, false], [error.code, error.safe_to_retry?, orbit.connected?]
    end
  end

  def test_a_refusal_of_the_event_keeps_the_connection
    script = lambda do |peer|
      peer.send("Failure\r\nid: #{peer.frame.id}\r\nmsg: Too large\r\ncode: 204 body_too_large\r\n\r\n")
      SUCCEED.call(peer, peer.frame)
      peer.read_to_end
    end
    with_peer(script) do |orbit|
      error = assert_raises(Orbited::RefusedError) { orbit.event(KEY, 1) }
      assert_equal [204, "1", "Too large"], [error.code, error.id, error.sentence]
      assert_equal "2", orbit.event(KEY, 2).id
    end
  end

  def test_a_refusal_before_the_event_was_read_is_heard
    script = lambda do |peer|
      peer.send("Failure\r\nmsg: Too many\r\ncode: 403 too_many_connections\r\n\r\n")
      peer.finish_sending
      peer.frame
    end
    with_peer(script) do |orbit|
      error = assert_raises(Orbited::RefusedError) { orbit.event(KEY, "x" * 900_000, false, false) }
      assert_equal 403, error.code
    end
  end

  def test_a_silent_server_makes_a_timeout_and_its_late_reply_meets_nobody
    with_peer(->(peer) { peer.frame && peer.read_to_end }, timeout: 0.1) do |orbit|
      error = assert_raises(Orbited::Timeout) { orbit.event(KEY, 1) }
      assert error.maybe_delivered?
      refute orbit.connected?
    end
  end

  def test_where_nobody_listens_connecting_fails
    port = TCPServer.open("127.0.0.1", 0) { |server| server.addr[1] }
    orbit = SimpleOrbit::Client.new("127.0.0.1", port)
    assert assert_raises(Orbited::ConnectFailed) { orbit.connect }.safe_to_retry?
    assert_raises(Orbited::ConnectFailed) { orbit.event(KEY, 1) }
    refute orbit.connected?
  end

  def test_a_client_connects_and_disconnects_at_will
    with_peer(answer_all, answer_all) do |orbit|
      orbit.connect
      assert orbit.connected?
      orbit.reconnect
      assert_equal "1", orbit.event(KEY, 1).id
      orbit.disconnect
      refute orbit.connected?
    end
  end

  def test_threads_take_turns
    with_peer(answer_all) do |orbit|
      threads = Array.new(4) { Thread.new { Array.new(25) { orbit.event(KEY, 1).id } } }
      assert_equal ("1".."100").to_a, threads.flat_map(&:value).sort_by(&:to_i)
    end
  end

  def test_a_forked_child_has_a_connection_of_its_own
    with_peer(answer_all, answer_all) do |orbit|
      assert orbit.event(KEY, 1).success?
      _, status = Process.wait2(fork { exit!(orbit.event(KEY, 2).success? ? 0 : 1) })
      assert status.success?
      assert orbit.event(KEY, 3).success?
    end
  end

  def test_the_defaults_and_the_checks
    orbit = SimpleOrbit::Client.new
    assert_equal ["localhost", 9000], [orbit.addr, orbit.port]
    assert_raises(ArgumentError) { SimpleOrbit::Client.new("localhost", 70_000) }
    assert_raises(Orbited::InvalidRecipient) { orbit.event("a, 0, *", 1) }
    assert_raises(Orbited::InvalidBody) { orbit.event(KEY, Float::INFINITY) }
    assert_raises(Orbited::LimitExceeded) { orbit.event(KEY, "x" * 1_048_577, false) }
  end
end
