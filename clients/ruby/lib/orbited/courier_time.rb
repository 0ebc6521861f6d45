# frozen_string_literal: true

require_relative "call"
require_relative "request"

module Orbited
  # The part of the courier that ends what takes too long.
  module CourierTime
    # Seconds in which a server that is silent answers a Ping, or is given up.
    PROBE = 10.0

    # When `tick` is to be called at the latest; nil if there is nothing to wait for.
    def wake_at
      [@state == :waiting ? @retry_at : nil, @first_deadline, heartbeat_at].compact.min
    end

    # End what is overdue, and ask a silent server whether it is there.
    def tick(now)
      beat = heartbeat_at
      probe(now) if beat && now >= beat
      return if @first_deadline.nil? || now < @first_deadline

      overdue_waiting(now)
      overdue_in_flight(now) if @link
      @first_deadline = [@queue.first_deadline, *(@connects + in_flight).map(&:deadline)].compact.min
    end

    private

    def note_deadline(deadline)
      @first_deadline = [@first_deadline, deadline].compact.min
    end

    def in_flight
      @link ? @link.calls.reject(&:ended?) : []
    end

    def overdue_waiting(now)
      late = @queue.take_if { |call| call.overdue?(now) }
      late += @connects.select { |call| call.overdue?(now) }
      @connects -= late
      late.each { |call| call.finish(Timeout.new(why_not_sent)) }
    end

    def why_not_sent
      return "the server did not take it in time" if @state == :open

      ["no connection in time", @last_failure&.message].compact.join(": ")
    end

    def overdue_in_flight(now)
      late = in_flight.select { |call| call.overdue?(now) }
      return if late.empty?
      return lost(ConnectionLost.new("the server does not answer"), now) if silent?(late)

      late.each { |call| call.finish(Timeout.new("no reply in time", maybe_delivered: @link.carried_out?(call))) }
      probe(now) if late.any? { |call| call.begun_at >= @link.heard_at }
    end

    # The greeting was not answered, or nothing has come since the probe.
    def silent?(late)
      late.include?(@greeting) || (late.include?(@probe) && @link.heard_at <= @probe.begun_at)
    end

    # When the server's silence has lasted too long; nil: it has nothing to say, or was asked.
    def heartbeat_at
      return unless @heartbeat && @state == :open && !@link.orbit10? && !probed?

      @link.heard_at + @heartbeat if @link.unanswered? || @watches.any?
    end

    def probed?
      @probe && !@probe.ended?
    end

    # Nothing has come since the call was sent: find out whether the server is still there, so that
    # the calls of others don't end with this one.
    def probe(now)
      return if probed? || @link.orbit10?

      @probe = Call.new(Request.ping, deadline: now + PROBE, internal: true)
      note_deadline(@probe.deadline)
      @link.put(@probe, now)
    end
  end
end
