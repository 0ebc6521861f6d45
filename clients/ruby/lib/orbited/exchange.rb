# frozen_string_literal: true

require_relative "connection"
require_relative "deadline"
require_relative "protocol"

module Orbited
  # One connection of Orbit 1.0 on which one event at a time is sent and its receipt waited for.
  # Not thread-safe.
  class Exchange
    SENDING = "sending the event"
    REPLY = "the reply"
    private_constant :SENDING, :REPLY

    # Connect.
    #
    # @raise [ConnectFailed]
    # @raise [Timeout] the deadline passed
    def self.open(host, port, limits, first, deadline)
      activity = "connecting to #{host}:#{port}"
      clock = -> { Process.clock_gettime(Process::CLOCK_MONOTONIC) }
      timeout = deadline.remaining(activity) || Float::INFINITY
      new(Connection.open(host, port, timeout: timeout, clock: clock), Protocol.new(limits, first: first))
    rescue ConnectFailed
      deadline.remaining(activity)
      raise
    end

    def initialize(connection, protocol)
      @connection = connection
      @protocol = protocol
    end

    # The number of the next event, which is its id.
    def next_number
      @protocol.next_number
    end

    def close
      @connection.close
    end

    # Close it in a forked child, whose parent goes on with it.
    def abandon
      @connection.abandon
    end

    # Whether the connection can't be used any more, while no reply is awaited: a server that says
    # anything while nothing was asked says good-bye.
    def stale?
      !@connection.read.nil?
    rescue ConnectionLost
      true
    end

    # Send one event and wait for what becomes of it.
    #
    # @param request [Request10]
    # @return [Receipt]
    # @raise [ConnectionLost, Timeout, ProtocolError, RefusedError]
    def call(request, deadline)
      _, frame = @protocol.send_request(request)
      send_frame(frame, deadline)
      begin
        value = outcome(deadline)
      rescue Error => error
        raise error.with_delivery(true)
      end
      raise value if value.is_a?(RefusedError)

      value
    end

    private

    def send_frame(frame, deadline)
      until frame.empty?
        count = write(frame, deadline)
        frame = frame.byteslice(count..)
        select([], [@connection], deadline, SENDING) if count.zero?
      end
    end

    # A server that closes before it has read the whole event says why, as a rule.
    def write(frame, deadline)
      @connection.write(frame)
    rescue ConnectionLost => error
      reason = begin
        outcome(deadline)
      rescue Error
        nil
      end
      raise reason.is_a?(RefusedError) ? reason : error
    end

    def outcome(deadline)
      loop do
        data = @connection.read
        next select([@connection], [], deadline, REPLY) if data.nil?

        first = @protocol.receive_data(data).grep_v(Notice).first or next
        raise first if first.is_a?(ProtocolError)

        return first.value
      end
    end

    def select(readers, writers, deadline, activity)
      IO.select(readers, writers, nil, deadline.remaining(activity)) or raise deadline.timeout(activity)
    end
  end
end
