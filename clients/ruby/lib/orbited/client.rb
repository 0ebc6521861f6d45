# frozen_string_literal: true

require "securerandom"
require_relative "body"
require_relative "shell"
require_relative "submission"
require_relative "tls"
require_relative "watch"

module Orbited
  # Sends events to the browsers that are connected to one Orbited server, asks who is there, and
  # hears who comes and goes.
  #
  # A client connects by itself, and again after a loss: after a random time of at most 1 s, which
  # doubles with each failure up to 30 s. Any number of threads may share it, and any number of
  # calls may be under way. A child process that was forked begins with a connection of its own.
  #
  # To a server that speaks Orbit 1.0 only it sends events for keys, without ttl and ack, whose
  # receipts have no codes. All other calls raise UnsupportedVersion, and nothing is sent.
  #
  # What a call may take as a whole, the wait for a connection and for the reply included, is its
  # `timeout` in seconds; nil is without end, and the default is that of the client. The errors that
  # each call may raise beside its own:
  #
  # * Timeout, QueueFull, Dropped, Disconnected: see there; a retry can help.
  # * ConnectionLost: the connection ended before the reply; maybe_delivered? tells the rest.
  # * RefusedError: the server refused, with a code. A retry helps for 4xx.
  # * ProtocolError: the server does not speak Orbit. UnsupportedVersion: it speaks Orbit 1.0 only,
  #   and the call needs Orbit 1.1.
  # * InvalidRecipient, InvalidValue, LimitExceeded: nothing was sent.
  class Client
    DEFAULT_PORT = 9000
    # Longer than most events wait on a server with its own defaults: 5 s for a browser that comes
    # back and 30 s for one that takes nothing.
    DEFAULT_TIMEOUT = 60.0
    # Stands for the client's own timeout, since nil means none.
    DEFAULT = Object.new.freeze
    private_constant :DEFAULT

    attr_reader :host, :port

    # Make a client, give it to a block, and disconnect it at the block's end.
    #
    # @return what the block returns; without a block the client
    def self.open(host = "localhost", port = DEFAULT_PORT, **options)
      client = new(host, port, **options)
      return client unless block_given?

      begin
        yield client
      ensure
        client.disconnect
      end
    end

    # @param host [String] the server's name or address
    # @param port [Integer] its control port, `op.port`, 1 to 65535 [CTL-1]
    # @param secret [String, nil] shown on each connection before anything else [CTL-131]
    # @param tls [Boolean, OpenSSL::SSL::SSLContext] true: checks the certificate against the
    #   system's authorities. The host's name is always checked.
    # @param timeout [Float, nil] seconds that a call may take, 60
    # @param connect_timeout [Float] seconds that one attempt to connect may take, 10; and as many
    #   for the answer to the first frame. The system's look-up of the name is not bounded.
    # @param heartbeat [Float, nil] seconds of the server's silence, while something is awaited of it,
    #   after which it is asked for a sign of life, 30; it has 10 s to give one. nil: never
    # @param queue [Integer] calls that may wait while there is no connection, 1,000
    # @param policy [Symbol] what becomes of one more: with :wait it waits for room, with :fail it
    #   ends with QueueFull, and with :drop_oldest the oldest ends with Dropped. While there is a
    #   connection it always waits for room.
    # @param backoff [Backoff] how long to wait before an attempt to connect
    # @param limits [Limits] what the server takes, if it is not configured as usual
    # @raise [ArgumentError] one of them is out of range
    def initialize(host = "localhost", port = DEFAULT_PORT, secret: nil, tls: false,
                   timeout: DEFAULT_TIMEOUT, connect_timeout: 10.0, heartbeat: 30.0, queue: 1000, policy: :wait,
                   backoff: Backoff.new, limits: DEFAULT_LIMITS)
      raise ArgumentError, "a port is a number from 1 to 65535, not #{port.inspect}" unless (1..65_535).cover?(port)
      raise ArgumentError, "a heartbeat is above 0 s, not #{heartbeat}" unless heartbeat.nil? || heartbeat.positive?

      @host = host
      @port = port
      @timeout = timeout
      @limits = limits
      @policy = policy.to_sym
      CallQueue.new(queue, @policy)
      @shell = Shell.new(host, port, connect_timeout: connect_timeout, tls: TLS.context(tls)) do
        Courier.new(
          limits: limits, queue: CallQueue.new(queue, @policy), secret: secret, prefix: "#{SecureRandom.hex(5)}-",
          backoff: backoff, greeting_timeout: connect_timeout, heartbeat: heartbeat
        )
      end
    end

    # Whether there is a connection on which calls can be made at once.
    def connected?
      @shell.connected?
    end

    # Connect now, rather than with the first call. Does nothing if connected.
    #
    # @raise [ConnectFailed] this attempt failed
    def connect(timeout: DEFAULT)
      perform(nil, timeout)
      self
    end

    # Wait until no call is under way, at most for `timeout`, and end the connection and all
    # watches. Calls that are still under way then end with Disconnected. The client stays usable.
    def disconnect(timeout: DEFAULT)
      @shell.disconnect(seconds(timeout))
    end

    # Disconnect, and connect again.
    #
    # @raise [ConnectFailed]
    def reconnect(timeout: DEFAULT)
      disconnect(timeout: timeout)
      connect(timeout: timeout)
    end

    # Send an event, and wait until the fate of each recipient is known.
    #
    # @param recipients one or many: "user, session, /location", an array of the three parts, a
    #   ConnectionKey; or a Pattern, which in text is a `*` in place of a whole part
    # @param body what browsers get, to be written as JSON; with `json: false` a String
    # @param ttl [Integer, nil] seconds that it may wait for a browser that is away; 0: none; nil:
    #   as long as its session [CTL-126]
    # @param ack [String, Symbol, nil] "written": reached means that all its bytes were handed over
    #   to the browser's connection; "browser": that the browser said so [CTL-123]. Default: written
    # @param try_again [Boolean] whether to send it again if the connection is lost. The first one
    #   may have been delivered, so **an event can be delivered twice**.
    # @return [Receipt]
    # @raise [InvalidBody] it can't be sent. Nothing was sent.
    def event(recipients, body, json: true, ttl: nil, ack: nil, try_again: false, timeout: DEFAULT)
      finish(submit(recipients, body, json: json, ttl: ttl, ack: ack, try_again: try_again, timeout: timeout))
    end

    # Send an event as `event` does, and don't wait for what becomes of it.
    #
    # It waits only if the queue is full. If nobody asks the submission what became of the event,
    # nobody will know.
    #
    # @param done [Queue, #push, nil] gets the submission when it has ended, so that one thread can
    #   learn the fates of many events as they come. Its push must not wait, nor call the client.
    # @return [Submission] whose `value` waits, and gives the receipt or raises the error
    def submit(recipients, body, json: true, ttl: nil, ack: nil, try_again: false, timeout: DEFAULT, done: nil)
      keys = Recipients.read(recipients)
      # The server's default is not written.
      ack = nil if ack.to_s == "written"
      request = Request.event(keys, Body.encode(body, json), ack: ack, ttl: ttl)
      submission(request, timeout, done: done, try_again: try_again)
    end

    # Show a secret, on this connection and on each later one [CTL-131].
    #
    # @return [true]
    # @raise [RefusedError] 502: it is another one; the server closes the connection [CTL-132]
    def auth(secret, timeout: DEFAULT)
      perform(Request.auth(secret), timeout) && true
    end

    # Ask whether the server is there [CTL-135].
    #
    # @return [true]
    def ping(timeout: DEFAULT)
      perform(Request.ping, timeout) && true
    end

    # Watch who comes and goes [CTL-137].
    #
    # With a block, give it each notice, in this thread, until the watch ends; the watch ends with
    # the block, by `break` too. Without one, give the watch.
    #
    # @param recipient a key or a pattern
    # @param state [Boolean] whether to be told first who is there: a Present for each [CTL-140]
    # @param since [Position, nil] where to go on: `position` of an earlier watch. If the server does
    #   not know the place any more, the first notice is a Gap. nil: to begin now
    # @param timeout [Float, nil] seconds until the server has begun to watch
    # @return [Watch] without a block
    # @raise [RefusedError] 206: there are too many watches on the connection
    def watch(recipient, state: false, since: nil, timeout: DEFAULT, &block)
      watch_state = WatchState.new(
        Recipients.read_one(recipient), state: state, since: since, limit: @limits.notices
      )
      watch = Watch.new(watch_state, @shell)
      finish(submission(watch_state.request, timeout, try_again: true, watch: watch_state))
      return watch unless block

      begin
        watch.each(&block)
        nil
      ensure
        unwatch(watch)
      end
    end

    # End a watch. What waits can still be read. Does nothing if it has ended.
    #
    # @return [true]
    def unwatch(watch, timeout: DEFAULT)
      limit = seconds(timeout)
      call = @shell.unwatch(watch.watch_state, limit && (@shell.now + limit))
      Submission.new(call, @shell).value if call
      true
    end

    # List the keys that have a session and that the recipients stand for [CTL-148].
    #
    # @param limit [Integer, nil] keys at most, 1 to 100,000; nil: 10,000
    # @return [Listing] an Enumerable of ConnectionKeys; `more?` tells whether there are more
    def list(recipients, limit: nil, timeout: DEFAULT)
      perform(Request.list(Recipients.read(recipients), limit: limit), timeout)
    end

    # End the sessions of all keys that the recipients stand for [CTL-150].
    #
    # @param reason [String, nil] text for the browsers, 1 to 100 bytes
    # @return [Integer] how many sessions it ended
    def close(recipients, reason: nil, timeout: DEFAULT)
      perform(Request.close(Recipients.read(recipients), reason: reason), timeout).sessions
    end

    def inspect
      "#<#{self.class} #{@host}:#{@port}, #{connected? ? "connected" : "not connected"}>"
    end

    private

    def submission(request, timeout, done: nil, **options)
      limit = seconds(timeout)
      call = Call.new(request, deadline: limit && (@shell.now + limit), **options)
      submission = Submission.new(call, @shell, done: done)
      @shell.submit(submission.call)
      submission
    end

    def perform(request, timeout)
      finish(submission(request, timeout))
    end

    def finish(submission)
      submission.value
    ensure
      # Interrupted: nobody waits for it any more.
      @shell.cancel(submission.call) unless submission.done?
    end

    def seconds(timeout)
      timeout.equal?(DEFAULT) ? @timeout : timeout
    end
  end
end
