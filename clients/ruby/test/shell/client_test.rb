# frozen_string_literal: true

require_relative "../test_helper"

# Orbited::Client against peers that each test scripts.
class ClientTest < Minitest::Test
  parallelize_me!

  FAST = { backoff: Orbited::Backoff.new(base: 0.01, cap: 0.05) }.freeze
  KEY = "a, 0, /x"

  # Its peers have answered the greeting when their scripts begin.
  def with_peer(*scripts, greet: true, **options, &block)
    ScriptedPeer.run(*scripts, greet: greet) do |peer|
      Orbited::Client.open("127.0.0.1", peer.port, timeout: 20, **FAST, **options, &block)
    end
  end

  def answer_all
    ->(peer) { peer.answer_all }
  end

  def refused_port
    TCPServer.open("127.0.0.1", 0) { |server| server.addr[1] }
  end

  def test_an_event_gets_its_receipt
    with_peer(answer_all) do |orbit|
      receipt = orbit.event([KEY, "b, 0, /x"], { "a" => [1, nil] })
      assert receipt.success?
      assert_match(/\A[0-9a-f]{10}-2\z/, receipt.id)
      assert_equal 2, receipt.reached
    end
  end

  def test_the_frame_is_that_of_the_specification
    frames = Queue.new
    script = lambda do |peer|
      while (frame = peer.frame)
        frames << frame
        peer.succeed(frame)
      end
    end
    with_peer(script) do |orbit|
      orbit.event(["*, *, /x", KEY], "é", ack: :browser, ttl: 3)
      orbit.event(KEY, "\xFF\x00".b, json: false, ack: "written")
    end
    first, second = Array.new(2) { frames.pop }
    head = ["Orbit 1.1", "Event", "id: #{first.id}", "recipient: *, *, /x", "recipient: a, 0, /x", "ack: browser", "ttl: 3", "length: 4"]
    assert_equal [head, "\"é\"".b], [first.lines, first.body.b]
    assert_equal [[], "\xFF\x00".b], [second.values("ack"), second.body.b]
  end

  def test_a_queue_gets_each_submission_when_it_has_ended
    script = lambda do |peer|
      frames = Array.new(3) { peer.frame }
      frames.values_at(2, 0).each { |frame| peer.succeed(frame) }
    end
    ended = Queue.new
    with_peer(script) do |orbit|
      submissions = Array.new(3) { |number| orbit.submit(KEY, number, done: ended) }
      assert_equal submissions.values_at(2, 0, 1), Array.new(3) { ended.pop }
      assert_kind_of Orbited::ConnectionLost, submissions[1].error
    end
  end

  def test_a_queue_gets_what_ends_before_it_is_sent
    ended = Queue.new
    Orbited::Client.open("127.0.0.1", refused_port, timeout: 0.1, queue: 1, policy: :fail, **FAST) do |orbit|
      submissions = Array.new(2) { |number| orbit.submit(KEY, number, done: ended) }
      assert_same submissions[1], ended.pop
      assert_kind_of Orbited::QueueFull, submissions[1].error
      assert_same submissions[0], ended.pop
      assert_kind_of Orbited::Timeout, submissions[0].error
    end
  end

  def test_a_closed_queue_disturbs_nobody
    ended = Queue.new.close
    with_peer(answer_all) do |orbit|
      assert orbit.submit(KEY, 1, done: ended).value.success?
      assert orbit.ping
    end
  end

  def test_a_reply_may_come_in_pieces_and_several_at_once
    script = lambda do |peer|
      frame = peer.frame
      "Success\r\nid: #{frame.id}\r\nreached: 1\r\n\r\n".each_char { |char| peer.send(char) }
      frames = [peer.frame, peer.frame]
      peer.send(frames.reverse.map { |one| "Success\r\nid: #{one.id}\r\nreached: #{one.id[/\d+\z/]}\r\n\r\n" }.join)
      peer.read_to_end
    end
    with_peer(script) do |orbit|
      assert orbit.event(KEY, 1).success?
      submissions = [orbit.submit(KEY, 2), orbit.submit(KEY, 3)]
      assert_equal([3, 4], submissions.map { |one| one.value.reached })
      assert_equal(submissions.map(&:id), submissions.map { |one| one.value.id })
    end
  end

  def test_threads_share_a_connection
    with_peer(answer_all) do |orbit|
      threads = Array.new(8) { Thread.new { Array.new(50) { orbit.event(KEY, 1).id } } }
      assert_equal (2..401).to_a, threads.flat_map(&:value).map { |id| id[/\d+\z/].to_i }.sort
    end
  end

  def test_a_lost_reply_leaves_the_fate_open
    [->(peer) { peer.frame }, ->(peer) { peer.frame && peer.reset }].each do |script|
      with_peer(script) do |orbit|
        error = assert_raises(Orbited::ConnectionLost) { orbit.event(KEY, 1) }
        assert error.maybe_delivered?
        refute error.safe_to_retry?
      end
    end
  end

  def test_a_reply_that_is_cut_off_is_a_lost_one
    cut = lambda do |peer|
      peer.send("Success\r\nid: #{peer.frame.id}\r\nreach")
    end
    with_peer(cut) { |orbit| assert_raises(Orbited::ConnectionLost) { orbit.event(KEY, 1) } }
  end

  def test_with_try_again_a_lost_event_is_sent_once_more
    with_peer(->(peer) { peer.frame }, answer_all) do |orbit|
      assert_match(/-4\z/, orbit.event(KEY, 1, try_again: true).id)
    end
  end

  def test_a_client_connects_again_by_itself
    closed = Queue.new
    script = lambda do |peer|
      peer.succeed(peer.frame)
      peer.finish_sending
      closed << true
      peer.read_to_end
    end
    with_peer(script, answer_all) do |orbit|
      assert orbit.ping
      closed.pop
      assert orbit.event(KEY, 1, try_again: true).success?
    end
  end

  def test_a_server_that_is_silent_makes_a_timeout
    with_peer(->(peer) { peer.read_to_end }) do |orbit|
      error = assert_raises(Orbited::Timeout) { orbit.event(KEY, 1, timeout: 0.05) }
      assert error.maybe_delivered?
    end
  end

  def test_what_answers_is_no_orbit
    with_peer(->(peer) { peer.frame && peer.send("HTTP/1.1 400 Bad Request\r\n\r\n") }) do |orbit|
      assert_raises(Orbited::ProtocolError) { orbit.event(KEY, 1) }
    end
  end

  def test_a_reply_to_what_was_not_asked_is_a_violation
    with_peer(->(peer) { peer.frame && peer.send("Success\r\nid: 99\r\nreached: 1\r\n\r\n") }) do |orbit|
      error = assert_raises(Orbited::ProtocolError) { orbit.event(KEY, 1) }
      assert_match(/99/, error.message)
    end
  end

  def test_a_reply_without_end_is_a_violation
    script = lambda do |peer|
      peer.frame
      loop { peer.send("Success\r\n#{"x" * 10_000}") }
    rescue SystemCallError
      nil
    end
    with_peer(script) { |orbit| assert_raises(Orbited::ProtocolError) { orbit.event(KEY, 1) } }
  end

  def test_where_nobody_listens_connecting_fails
    orbit = Orbited::Client.new("127.0.0.1", refused_port, **FAST)
    error = assert_raises(Orbited::ConnectFailed) { orbit.connect }
    assert error.safe_to_retry?
    refute orbit.connected?
    error = assert_raises(Orbited::Timeout) { orbit.event(KEY, 1, timeout: 0.1) }
    assert error.safe_to_retry?
    assert_match(/no connection to/, error.message)
    orbit.disconnect(timeout: 0)
  end

  def test_an_unknown_host_is_a_failure_to_connect
    orbit = Orbited::Client.new("no.such.host.invalid", 9000)
    assert_raises(Orbited::ConnectFailed) { orbit.connect }
  end

  def test_a_queue_that_is_full_fails_or_drops_while_there_is_no_connection
    port = refused_port
    orbit = Orbited::Client.new("127.0.0.1", port, queue: 1, policy: :fail, **FAST)
    orbit.submit(KEY, 1)
    assert_raises(Orbited::QueueFull) { orbit.event(KEY, 2) }
    orbit.disconnect(timeout: 0)

    orbit = Orbited::Client.new("127.0.0.1", port, queue: 1, policy: "drop_oldest", **FAST)
    first = orbit.submit(KEY, 1)
    orbit.submit(KEY, 2)
    assert_raises(Orbited::Dropped) { first.value }
    orbit.disconnect(timeout: 0)

    orbit = Orbited::Client.new("127.0.0.1", port, queue: 1, **FAST)
    orbit.submit(KEY, 1)
    assert_raises(Orbited::Timeout) { orbit.event(KEY, 2, timeout: 0.05) }
    orbit.disconnect(timeout: 0)
  end

  def test_a_call_that_waits_for_room_gets_it
    with_peer(answer_all, queue: 1, limits: Orbited::Limits.new(in_flight: 1)) do |orbit|
      assert(Array.new(50) { orbit.submit(KEY, 1) }.map(&:value).all?(&:success?))
    end
  end

  def test_disconnecting_waits_for_what_is_under_way
    submission = nil
    with_peer(answer_all) { |orbit| submission = orbit.submit(KEY, 1) }
    assert submission.done?
    assert submission.value.success?
  end

  def test_disconnecting_at_once_ends_what_is_under_way
    with_peer(->(peer) { peer.read_to_end }) do |orbit|
      orbit.connect
      submission = orbit.submit(KEY, 1)
      orbit.disconnect(timeout: 0)
      assert_kind_of Orbited::Disconnected, submission.error
      assert_raises(Orbited::Disconnected) { submission.value }
      refute orbit.connected?
    end
  end

  def test_a_client_can_be_used_after_it_was_disconnected
    with_peer(answer_all, answer_all, answer_all) do |orbit|
      assert orbit.ping
      orbit.disconnect
      assert orbit.ping
      assert orbit.reconnect.ping
      assert orbit.connected?
    end
  end

  def test_disconnecting_ends_an_attempt_to_connect
    # A listener whose queue is full answers nobody.
    server = TCPServer.new("127.0.0.1", 0)
    server.listen(0)
    fillers = Array.new(3) { Socket.new(:INET, :STREAM).tap { |socket| socket.connect_nonblock(server.local_address, exception: false) } }
    orbit = Orbited::Client.new("127.0.0.1", server.addr[1], connect_timeout: 600)
    submission = orbit.submit(KEY, 1, timeout: nil)
    orbit.disconnect(timeout: 0)
    assert_kind_of Orbited::Disconnected, submission.wait.error
  ensure
    [server, *fillers].compact.each(&:close)
  end

  def test_a_thread_that_is_interrupted_leaves_the_client_usable
    got = Queue.new
    script = lambda do |peer|
      frame = peer.frame
      got << frame
      other = peer.frame
      peer.succeed(frame)
      peer.succeed(other)
      peer.read_to_end
    end
    with_peer(script) do |orbit|
      thread = Thread.new { orbit.event(KEY, 1) }
      thread.report_on_exception = false
      got.pop
      thread.raise(IOError, "enough")
      assert_raises(IOError) { thread.value }
      assert orbit.event(KEY, 2).success?
    end
  end

  def test_a_forked_child_has_a_connection_of_its_own
    with_peer(answer_all, answer_all) do |orbit|
      first = orbit.event(KEY, 1).id
      child = fork do
        id = orbit.event(KEY, 2).id
        orbit.disconnect
        exit!(id.end_with?("-2") && id != first ? 0 : 1)
      end
      _, status = Process.wait2(child)
      assert status.success?
      assert_equal first.sub(/2\z/, "3"), orbit.event(KEY, 3).id
    end
  end

  def test_a_submission_of_the_parent_has_ended_for_the_child
    with_peer(->(peer) { peer.frame && peer.read_to_end }) do |orbit|
      orbit.connect
      submission = orbit.submit(KEY, 1)
      child = fork do
        orbit.connected?
        exit!(submission.wait.error.is_a?(Orbited::Disconnected) ? 0 : 1)
      end
      _, status = Process.wait2(child)
      assert status.success?
      orbit.disconnect(timeout: 0)
    end
  end

  def test_arguments_are_checked
    assert_raises(ArgumentError) { Orbited::Client.new("localhost", 0) }
    assert_raises(ArgumentError) { Orbited::Client.new(policy: :hope) }
    assert_raises(ArgumentError) { Orbited::Client.new(queue: 0) }
    assert_raises(ArgumentError) { Orbited::Client.new(heartbeat: 0) }
    assert_raises(ArgumentError) { Orbited::Client.new(tls: "yes") }
    assert_raises(ArgumentError) { Orbited::Client.new(tls: OpenSSL::SSL::SSLContext.new) }
    orbit = Orbited::Client.new
    assert_equal ["localhost", 9000], [orbit.host, orbit.port]
    assert_raises(Orbited::InvalidRecipient) { orbit.event("nobody", 1) }
    assert_raises(Orbited::InvalidBody) { orbit.event(KEY, Float::NAN) }
    assert_raises(Orbited::InvalidBody) { orbit.event(KEY, 1, json: false) }
    assert_raises(Orbited::InvalidValue) { orbit.event(KEY, 1, ttl: 1.5) }
    assert_raises(Orbited::InvalidValue) { orbit.event(KEY, 1, ack: :never) }
    assert_raises(Orbited::InvalidValue) { orbit.close(KEY, reason: "") }
    assert_raises(Orbited::InvalidValue) { orbit.list(KEY, limit: 0) }
    assert_raises(Orbited::InvalidValue) { orbit.watch(KEY, since: "e 7") }
    assert_raises(Orbited::LimitExceeded) { orbit.event(KEY, "x" * 1_048_577, json: false) }
    assert_match(/not connected/, orbit.inspect)
  end

  def test_the_ids_of_two_clients_differ
    ids = Array.new(2) { with_peer(answer_all) { |orbit| orbit.event(KEY, 1).id } }
    refute_equal(*ids)
  end

  def speak10
    lambda do |peer|
      while (frame = peer.frame)
        plain = frame.lines.take(2) == ["Orbit 1.0", "Event"]
        peer.send("#{plain ? "Success" : "Failure\r\nmsg: No\r\ncode: 102 bad_action"}\r\nid: #{frame.id}\r\n\r\n")
      end
    end
  end

  def test_a_server_of_orbit_10_gets_plain_events
    with_peer(speak10, greet: false) do |orbit|
      [
        -> { orbit.event("*, *, /x", 1) }, -> { orbit.event(KEY, 1, ttl: 1) }, -> { orbit.event(KEY, 1, ack: "browser") },
        -> { orbit.ping }, -> { orbit.list(KEY) }, -> { orbit.watch(KEY) }
      ].each do |call|
        error = assert_raises(Orbited::UnsupportedVersion, &call)
        assert_equal [102, false, false], [error.code, error.retriable?, error.maybe_delivered?]
      end
      assert_equal [1, 2], [orbit.event(KEY, 1, ack: :written).reached, orbit.event([KEY, "b, 0, /x"], 1).reached]
    end
  end

  def test_a_silent_server_is_left_after_a_heartbeat_without_answer
    asked = Queue.new
    script = lambda do |peer|
      frames = [peer.frame, peer.frame]
      asked << frames.map(&:action)
      peer.read_to_end
    end
    with_peer(script, heartbeat: 0.05) do |orbit|
      submission = orbit.submit(KEY, 1)
      assert_equal %w[Event Ping], asked.pop
      refute submission.done?
      orbit.disconnect(timeout: 0)
    end
  end

  def test_a_list_is_read_and_a_close_counted
    script = lambda do |peer|
      list = peer.frame
      body = "a, 0, /x\nZoë, 0, /y, z\n"
      peer.succeed(list, "keys: 2", "more: yes", "length: #{body.bytesize}")
      # The head is whole: the body follows.
      peer.send(body)
      peer.succeed(peer.frame, "closed: 3")
      peer.read_to_end
    end
    with_peer(script) do |orbit|
      listing = orbit.list("*, *, *", limit: 2)
      assert_equal ["a, 0, /x", "Zoë, 0, /y, z"], listing.map(&:to_s)
      assert listing.more?
      assert_equal 3, orbit.close("*, *, *", reason: "Good night")
    end
  end
end
