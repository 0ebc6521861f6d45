# frozen_string_literal: true

require_relative "../test_helper"

# The watches of Orbited::Client against peers that each test scripts.
class WatchTest < Minitest::Test
  parallelize_me!

  FAST = { backoff: Orbited::Backoff.new(base: 0.01, cap: 0.05), timeout: 20 }.freeze
  PATIENCE = 20

  def with_peer(*scripts, greet: true, **options, &block)
    ScriptedPeer.run(*scripts, greet: greet) { |peer| Orbited::Client.open("127.0.0.1", peer.port, **FAST, **options, &block) }
  end

  def watching(peer, *headers)
    frame = peer.frame
    peer.succeed(frame, "epoch: e", "sequence: 0", *headers)
    frame
  end

  def signon(peer, watch, sequence)
    peer.send("Signon\r\nwatch: #{watch.id}\r\nepoch: e\r\nsequence: #{sequence}\r\nkey: (a, 0, /x)\r\n\r\n")
  end

  def test_a_block_gets_the_notices_and_the_watch_ends_with_it
    actions = Queue.new
    script = lambda do |peer|
      watch = watching(peer)
      2.times { |n| signon(peer, watch, n + 1) }
      frame = peer.frame
      actions << frame.action
      peer.succeed(frame)
      peer.read_to_end
    end
    with_peer(script) do |orbit|
      seen = []
      orbit.watch("*, *, /x") do |notice|
        seen << notice.sequence
        break if seen.size == 2
      end
      assert_equal [[1, 2], "Unwatch"], [seen, actions.pop]
    end
  end

  def test_a_watch_is_read_by_another_thread_until_it_is_ended
    script = lambda do |peer|
      signon(peer, watching(peer), 1)
      peer.answer_all
    end
    with_peer(script) do |orbit|
      watch = orbit.watch("*, *, /x")
      first = Queue.new
      reader = Thread.new { watch.map { |notice| notice.sequence.tap { |number| first << number } } }
      first.pop
      assert orbit.unwatch(watch)
      assert_equal [1], reader.value
      assert watch.ended?
    end
  end

  def test_a_reader_waits_no_longer_than_it_says
    with_peer(->(peer) { watching(peer) && peer.answer_all }) do |orbit|
      assert_nil orbit.watch("a, 0, /x").next(timeout: 0.01)
    end
  end

  def test_after_a_loss_a_watch_goes_on
    places = Queue.new
    second = lambda do |peer|
      frame = peer.frame
      places << [frame.id[/-\d+\z/], frame.values("epoch"), frame.values("sequence")]
      peer.succeed(frame, "epoch: e", "sequence: 1", "resumed: yes")
      signon(peer, frame, 2)
      peer.answer_all
    end
    with_peer(->(peer) { signon(peer, watching(peer), 1) }, second) do |orbit|
      watch = orbit.watch("*, *, /x")
      assert_equal([1, 2], Array.new(2) { watch.next(timeout: PATIENCE).sequence })
      assert_equal ["-2", ["e"], ["1"]], places.pop
    end
  end

  def test_a_watch_goes_on_where_another_one_was_read
    places = Queue.new
    script = lambda do |peer|
      watch = watching(peer)
      2.times { |n| signon(peer, watch, n + 1) }
      peer.succeed(peer.frame)
      frame = peer.frame
      places << (frame.values("epoch") + frame.values("sequence"))
      peer.succeed(frame, "epoch: e", "sequence: 1", "resumed: yes")
      signon(peer, frame, 2)
      peer.answer_all
    end
    with_peer(script) do |orbit|
      first = orbit.watch("*, *, /x")
      first.next(timeout: PATIENCE)
      orbit.unwatch(first)
      second = orbit.watch("*, *, /x", since: first.position)
      assert_equal [%w[e 1], 2], [places.pop, second.next(timeout: PATIENCE).sequence]
      assert_equal Orbited::Position.new(epoch: "e", sequence: 2), second.position
    end
  end

  def test_the_secret_comes_before_a_watch_is_renewed
    actions = Queue.new
    second = lambda do |peer|
      actions << peer.greet.action
      frame = peer.frame
      actions << frame.action
      peer.succeed(frame, "epoch: f", "sequence: 0", "resumed: no")
      peer.answer_all
    end
    with_peer(->(peer) { peer.greet && watching(peer) }, second, greet: false, secret: "abc") do |orbit|
      assert_kind_of Orbited::Gap, orbit.watch("*, *, /x").next(timeout: PATIENCE)
      assert_equal(%w[Auth Watch], Array.new(2) { actions.pop })
    end
  end

  def test_a_slow_reader_gets_what_waited_and_then_an_error
    script = lambda do |peer|
      watch = watching(peer)
      3.times { |n| signon(peer, watch, n + 1) }
      peer.answer_all
    end
    with_peer(script, limits: Orbited::Limits.new(notices: 2)) do |orbit|
      watch = orbit.watch("*, *, /x")
      Patience.until { orbit.ping && watch.ended? }
      assert_equal [1, 2], [watch.next.sequence, watch.next.sequence]
      assert_raises(Orbited::NoticesOverflow) { watch.next }
    end
  end

  def test_disconnecting_ends_a_watch
    with_peer(->(peer) { watching(peer) && peer.read_to_end }) do |orbit|
      watch = orbit.watch("*, *, /x")
      reader = Thread.new { watch.to_a }
      orbit.disconnect
      assert_equal [], reader.value
    end
  end
end
