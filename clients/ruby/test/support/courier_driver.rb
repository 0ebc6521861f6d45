# frozen_string_literal: true

# Plays the shell and the server of a Courier, with a clock of its own.
class CourierDriver
  attr_reader :courier
  attr_accessor :now

  # Random that always gives the same.
  Fixed = Struct.new(:rand)

  def initialize(policy: :wait, size: 1000, random: 1.0, **options)
    @now = 100.0
    @courier = Orbited::Courier.new(
      queue: Orbited::CallQueue.new(size, policy),
      backoff: Orbited::Backoff.new(random: Fixed.new(random)), **options
    )
  end

  def call(request, seconds: 60, **options)
    Orbited::Call.new(request, deadline: @now + seconds, **options)
  end

  def event(key = "a, 0, /x", **options)
    call(Orbited::Request.event(Orbited::Recipients.read(key), "1"), **options).tap { |one| submit(one) }
  end

  def submit(call)
    @courier.submit(call, @now)
  end

  def watch(limit: 10, state: false, since: nil)
    watch = Orbited::WatchState.new(Orbited::Pattern.parse("*, *, /x"), state: state, since: since, limit: limit)
    call = call(watch.request, try_again: true, watch: watch)
    submit(call)
    [watch, call]
  end

  # Connect, answer the greeting, and send what is there then.
  #
  # @return [Array<PeerFrame>] the frames that were sent after the greeting
  def connect
    success(open.id)
    sent
  end

  # Connect, to a server that speaks Orbit 1.0 only.
  #
  # @return [Array<PeerFrame>] the frames that were sent after the greeting
  def connect10
    failure(open.id, "102 bad_action")
    sent
  end

  # Connect.
  #
  # @return [PeerFrame] the greeting
  def open
    raise "the courier does not want to connect" unless @courier.connect_now?(@now)

    @courier.connected(@now)
    greeting, *others = sent
    raise "the greeting is not alone" unless others.empty?

    greeting
  end

  # Send what is there.
  def sent
    bytes = @courier.outbox.dup
    @courier.sent(bytes.bytesize, @now)
    frames(bytes)
  end

  def frames(bytes)
    bytes = bytes.dup
    found = []
    until bytes.empty?
      head = bytes.slice!(0..(bytes.index("\r\n\r\n") + 3)).force_encoding("UTF-8")
      frame = PeerFrame.new(head.split("\r\n"), "")
      frame.body = bytes.slice!(0, frame.values("length").first.to_i)
      found << frame
    end
    found
  end

  def receive(text)
    @courier.receive(text.b, @now)
  end

  def success(id, *headers)
    receive("Success\r\nid: #{id}\r\n#{headers.map { |header| "#{header}\r\n" }.join}\r\n")
  end

  def failure(id, code)
    receive("Failure\r\n#{"id: #{id}\r\n" if id}msg: No\r\ncode: #{code}\r\n\r\n")
  end

  def notice(word, watch, sequence, epoch: "e", **headers)
    more = headers.map { |name, value| "#{name}: #{value}\r\n" }.join
    receive("#{word}\r\nwatch: #{watch}\r\nepoch: #{epoch}\r\nsequence: #{sequence}\r\nkey: (a, 0, /x)\r\n#{more}\r\n")
  end

  def lose
    @courier.lost(Orbited::ConnectionLost.new("the server closed the connection"), @now)
  end

  # Let time go by.
  def wait(seconds)
    @now += seconds
    @courier.tick(@now)
  end
end
