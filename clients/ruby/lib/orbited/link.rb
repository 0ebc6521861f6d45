# frozen_string_literal: true

require_relative "protocol"

module Orbited
  # The state of one connection: which calls are on it, which bytes are still to be sent, and which
  # calls a loss leaves open.
  class Link
    # Bytes that wait to be sent, above which no further call is put on the connection.
    ENOUGH = 262_144
    # [CTL-80]: codes after which the server closes, as far as they are temporary.
    CLOSING = [401, 402, 403].freeze
    # [CTL-90]: the server reads nothing.
    TOO_MANY_CONNECTIONS = 403
    # The actions that change anything.
    CHANGES = %w[Event Close].freeze
    private_constant :ENOUGH, :CLOSING, :TOO_MANY_CONNECTIONS, :CHANGES

    # The bytes to send next.
    attr_reader :outbox
    # When bytes last came.
    attr_reader :heard_at
    # A refusal without id: the server says why it is going to close [CTL-51].
    attr_reader :refusal

    def initialize(limits, first_id, now)
      @limits = limits
      @protocol = Protocol.new(limits, first_id: first_id)
      @outbox = "".b
      @calls = {}
      @queued = 0
      @sent = 0
      @heard_at = now
      @closing = false
      @orbit10 = false
    end

    def next_id
      @protocol.next_id
    end

    # Whether the server is going to close [CTL-80].
    def closing?
      @closing
    end

    # Whether another call may be put on the connection.
    def room?
      !@closing && @outbox.bytesize < ENOUGH && @calls.size < @limits.in_flight
    end

    def calls
      @calls.values
    end

    # Whether a call is under way that somebody may wait for.
    def calls?
      @calls.any? { |_, call| !call.ended? && !call.internal? }
    end

    # Put a call on the connection.
    #
    # @param id [Object] for a Watch that is renewed
    def put(call, now, id: nil)
      request = call.request
      return call.finish(unsupported) if @orbit10 && !request.plain?

      call.id, bytes = @protocol.send_request(@orbit10 ? request.orbit10 : request, id: id)
      @outbox << bytes
      @queued += bytes.bytesize
      call.end_offset = @queued
      call.begun_at = now
      @calls[call.id] = call
    end

    # Say how many bytes of the outbox the system has taken.
    def sent(count)
      @sent += count
      @outbox = @outbox.byteslice(count..)
    end

    # Whether the system has taken the whole frame of a call.
    def sent?(call)
      call.end_offset <= @sent
    end

    # Take bytes, and give pairs of a call and its value, notices, and at the end perhaps a
    # ProtocolError.
    def receive(data, now)
      @heard_at = now
      @protocol.receive_data(data).filter_map { |one| one.is_a?(Outcome) ? answered(one) : one }
    end

    # Whether the server has said that it reads nothing.
    def unread?
      @refusal&.code == TOO_MANY_CONNECTIONS
    end

    # Whether the server can have carried out a call that it has not answered.
    def carried_out?(call)
      sent?(call) && !unread? && CHANGES.include?(call.request.action)
    end

    private

    def answered(outcome)
      value = outcome.value
      @closing ||= value.is_a?(RefusedError) && CLOSING.include?(value.code)
      @orbit10 ||= value.is_a?(UnsupportedVersion)
      return note_refusal(value) if outcome.id.nil?

      [@calls.delete(outcome.id) || outcome.id, value]
    end

    def note_refusal(refusal)
      @closing = true
      @refusal = refusal
      nil
    end

    def unsupported
      UnsupportedVersion.new("the server speaks Orbit 1.0 only, as it has said before", code: 102, name: "bad_action")
    end
  end
end
