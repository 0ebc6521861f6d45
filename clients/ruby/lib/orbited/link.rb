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
    # When bytes last came, or when the server first had something to say.
    attr_reader :heard_at
    # A refusal without id: the server says why it is going to close [CTL-51].
    attr_reader :refusal

    # @param first [Integer] the number of the first frame
    # @param prefix [String] how the ids of frames begin
    def initialize(limits, first:, prefix:, now:)
      @limits = limits
      @protocol = Protocol.new(limits, first: first, prefix: prefix)
      @outbox = "".b
      @calls = {}
      @unanswered = 0
      @queued = 0
      @sent = 0
      @heard_at = now
      @closing = false
      @orbit10 = false
    end

    def next_number
      @protocol.next_number
    end

    # Whether the server has said that it speaks Orbit 1.0 only [CTL-152].
    def orbit10?
      @orbit10
    end

    # Whether the server is going to close [CTL-80].
    def closing?
      @closing
    end

    # Whether another call may be put on the connection.
    def room?
      !@closing && @outbox.bytesize < ENOUGH &&
        @calls.size < @limits.in_flight && @unanswered < @limits.in_flight_bytes
    end

    # Whether the server has something to answer.
    def unanswered?
      @calls.any?
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
    # @param id [String, nil] for a Watch that is renewed
    def put(call, now, id: nil)
      request = call.request
      return call.finish(unsupported(request)) if @orbit10 && !request.plain?

      call.id, bytes = @protocol.send_request(@orbit10 ? request.orbit10 : request, id: id)
      @heard_at = now if @calls.empty?
      @calls[call.id] = call
      call.begun_at = now
      append(call, bytes)
    end

    # The error of a request that a server of Orbit 1.0 has no word for.
    def unsupported(request)
      what = request.action == "Event" ? "patterns, ack and ttl" : request.action
      sentence = "the server speaks Orbit 1.0 only, which has no #{what}"
      UnsupportedVersion.new(sentence, code: Reader::BAD_ACTION, name: "bad_action")
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

    def append(call, bytes)
      @outbox << bytes
      @queued += bytes.bytesize
      @unanswered += bytes.bytesize
      call.size = bytes.bytesize
      call.end_offset = @queued
    end

    def answered(outcome)
      value = outcome.value
      @closing ||= value.is_a?(RefusedError) && CLOSING.include?(value.code)
      @orbit10 ||= value.is_a?(UnsupportedVersion)
      return note_refusal(value) if outcome.id.nil?

      call = @calls.delete(outcome.id)
      @unanswered -= call.size if call
      [call || outcome.id, value]
    end

    def note_refusal(refusal)
      @closing = true
      @refusal = refusal
      nil
    end
  end
end
