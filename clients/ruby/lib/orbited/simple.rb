# frozen_string_literal: true

require_relative "body"
require_relative "exchange"
require_relative "recipients"

# The client of 2007, with the frames of Orbit 1.0.
#
#   require "ruby-orbited"
#
#   orbit = SimpleOrbit::Client.new("localhost", 9000)
#   orbit.event(["username, 0, /example"], "Hello, browser!")
module SimpleOrbit
  # Sends events to the browsers that are connected to one Orbited server.
  #
  # A client connects by itself, keeps its connection, and notices when the server has closed it.
  # Any number of threads may share it: one event is under way at a time, the others wait their
  # turn. A child process that was forked begins with a connection of its own.
  class Client
    WAITING = "waiting for other threads' events"
    private_constant :WAITING

    attr_reader :addr, :port

    # @param addr [String] the server's name or address
    # @param port [Integer] its control port, 1 to 65535
    # @param timeout [Float, nil] seconds that each call may take as a whole, 60; nil: no end
    # @param limits [Orbited::Limits] what the server takes, if it is not configured as usual
    # @raise [ArgumentError] the port or the timeout is out of range
    def initialize(addr = "localhost", port = 9000, timeout: 60.0, limits: Orbited::DEFAULT_LIMITS)
      raise ArgumentError, "a port is a number from 1 to 65535, not #{port.inspect}" unless (1..65_535).cover?(port)
      raise ArgumentError, "a timeout is not below 0: #{timeout}" if timeout&.negative?

      @addr = addr
      @port = port
      @timeout = timeout
      @limits = limits
      @next_number = 1
      begin_anew
    end

    # Whether there is a connection, as far as the last call could tell.
    def connected?
      !@exchange.nil?
    end

    # Connect now, rather than with the first event. Does nothing if connected.
    #
    # @raise [Orbited::ConnectFailed, Orbited::Timeout] a retry is safe
    def connect
      in_turn { |deadline| exchange(deadline) }
      nil
    end

    # Close the connection once the events under way are done. The client stays usable.
    #
    # @raise [Orbited::Timeout] another thread's event took too long
    def disconnect
      in_turn { drop }
      nil
    end

    # Close the connection and make a new one.
    #
    # @raise [Orbited::ConnectFailed, Orbited::Timeout] a retry is safe
    def reconnect
      in_turn do |deadline|
        drop
        exchange(deadline)
      end
      nil
    end

    # Send an event and wait until the fate of each recipient is known.
    #
    # @param recipients one or many: "user, session, /location", an array of the three parts, or an
    #   Orbited::ConnectionKey
    # @param body what the browsers get
    # @param json [Boolean] whether to write it as JSON. If not, it is a String.
    # @param try_again [Boolean] whether to connect again and send once more if the connection is
    #   lost, or if the server refuses with a temporary reason. The lost event may have been
    #   delivered, so **a second try can deliver it twice**.
    # @return [Orbited::Receipt] ask it `success?`: in Ruby it is always true
    # @raise [Orbited::InvalidRecipient, Orbited::InvalidBody, Orbited::LimitExceeded] nothing was
    #   sent
    # @raise [Orbited::ConnectFailed, Orbited::ConnectionLost, Orbited::Timeout,
    #   Orbited::RefusedError, Orbited::ProtocolError]
    def event(recipients, body, json = true, try_again = true) # rubocop:disable Style/OptionalBooleanParameter
      keys = Orbited::Recipients.read_keys(recipients)
      request = Orbited::Request10.event(keys, Orbited::Body.encode(body, json))
      request.check(@limits)
      in_turn { |deadline| attempt(request, deadline, try_again) }
    end

    private

    def attempt(request, deadline, try_again)
      send_once(request, deadline)
    rescue Orbited::ConnectionLost, Orbited::RefusedError => first
      raise unless try_again && first.retriable?

      begin
        send_once(request, deadline)
      rescue Orbited::Error => second
        raise second.with_delivery(first.maybe_delivered? || second.maybe_delivered?)
      end
    end

    def send_once(request, deadline)
      connection = exchange(deadline)
      answered = false
      begin
        receipt = connection.call(request, deadline)
        answered = true
        receipt
      rescue Orbited::RefusedError => refusal
        answered = !refusal.retriable? && !refusal.id.nil?
        raise
      ensure
        # Whatever interrupted it, a late reply must not meet the next event.
        drop unless answered
      end
    end

    def exchange(deadline)
      drop if @exchange&.stale?
      @exchange ||= Orbited::Exchange.open(@addr, @port, @limits, @next_number, deadline)
    end

    def drop
      @next_number = @exchange.next_number if @exchange
      @exchange&.close
      @exchange = nil
    end

    # One thread at a time; the others wait for their turn, as long as their own time lasts.
    def in_turn
      begin_anew unless @pid == Process.pid
      deadline = Orbited::Deadline.new(@timeout)
      take_turn(deadline)
      begin
        yield deadline
      ensure
        give_turn
      end
    end

    def take_turn(deadline)
      @mutex.synchronize do
        @turn.wait(@mutex, deadline.remaining(WAITING)) while @busy
        @busy = true
      end
    end

    def give_turn
      @mutex.synchronize do
        @busy = false
        @turn.signal
      end
    end

    # The parent goes on with its connection and its threads, which the child does not have.
    def begin_anew
      @pid = Process.pid
      @mutex = Mutex.new
      @turn = ConditionVariable.new
      @busy = false
      @exchange&.abandon
      @exchange = nil
    end
  end
end
