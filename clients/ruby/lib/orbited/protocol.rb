# frozen_string_literal: true

require "set"
require_relative "reader"
require_relative "reply_decoder"
require_relative "request"

module Orbited
  # Orbit on one connection, as a state machine without input and output.
  #
  # The shell passes bytes in and out: a method for each verb gives the id of a frame and its bytes,
  # and receive_data takes what came and gives outcomes and notices. Any number of frames may be
  # under way; their replies are matched by id, in any order [CTL-33].
  class Protocol
    # The number of the next frame.
    attr_reader :next_number

    # @param limits [Limits] what is larger is refused in both directions
    # @param first [Integer] the number of the first frame; each further one has the next
    # @param prefix [String] how each id begins; the number follows. Notices name events by their
    #   ids, of whichever connection, so a prefix that nobody else has tells whose they are.
    def initialize(limits = DEFAULT_LIMITS, first: 1, prefix: "")
      @limits = limits
      @prefix = prefix
      @decoder = ReplyDecoder.new(limits)
      @awaited = {}
      @watches = Set.new
      @failure = nil
      @next_number = first
    end

    # The ids of the frames whose replies have not come.
    def awaited
      @awaited.keys
    end

    # Begin any request.
    #
    # @param id [String, nil] for a Watch that takes the place of an earlier one [CTL-138]; by
    #   default the prefix with the next number
    # @return [Array(String, String)] the id, and the bytes to send
    # @raise [LimitExceeded] it is larger than the wire allows. Nothing has changed.
    def send_request(request, id: nil)
      own = id || "#{@prefix}#{@next_number}"
      request.check(@limits, own)
      raise ArgumentError, "the id #{own} is awaited already" if @awaited.key?(own)

      @next_number += 1 unless id
      @awaited[own] = request
      [own, request.encode(own)]
    end

    # The verbs: each takes what the method of Request of its name takes, and recipients in any of
    # their forms, and gives id and bytes.
    def event(recipients, body, ack: nil, ttl: nil)
      send_request(Request.event(Recipients.read(recipients), body.b.freeze, ack: ack, ttl: ttl))
    end

    def auth(secret)
      send_request(Request.auth(secret))
    end

    def ping
      send_request(Request.ping)
    end

    def watch(recipient, id: nil, **options)
      send_request(Request.watch(Recipients.read_one(recipient), **options), id: id)
    end

    def unwatch(watch)
      send_request(Request.unwatch(watch))
    end

    def list(recipients, limit: nil)
      send_request(Request.list(Recipients.read(recipients), limit: limit))
    end

    def close(recipients, reason: nil)
      send_request(Request.close(Recipients.read(recipients), reason: reason))
    end

    # Take the next bytes and give what they finish.
    #
    # @return [Array<Outcome, Notice, ProtocolError>] if the peer does not speak Orbit, or answers
    #   what was not asked, the last is the error: the connection is of no use then, and each
    #   further call gives it again
    def receive_data(data)
      return [@failure] if @failure

      meanings = []
      @decoder.feed(data).each do |reply|
        raise reply if reply.is_a?(ProtocolError)

        meanings << meaning(reply)
      end
      meanings.compact
    rescue ProtocolError => error
      meanings.compact << (@failure = error)
    end

    private

    def meaning(reply)
      if reply.success? || reply.failure?
        outcome(reply)
      elsif reply.known?
        notice(reply)
      end
    end

    def outcome(reply)
      return outcome_without_id(reply) unless reply.id
      return end_of_watch(reply) if reply.failure? && ended_watch?(reply.id)

      request = @awaited.delete(reply.id)
      raise ProtocolError, "a reply came for the id #{reply.id.inspect}, which was not awaited" unless request

      value = Reader.value(reply, reply.id, request)
      note_watch(request, reply.id, value)
      Outcome.new(reply.id, value)
    end

    def outcome_without_id(reply)
      strange = reply.success? || reply.recipients.any? || reply.unreached.any?
      raise ProtocolError, "the reply has no id" if strange

      Outcome.new(nil, Reader.refusal(reply, nil))
    end

    # [CTL-147]: a Failure with the id of a watch that has had its Success ends the watch.
    def ended_watch?(id)
      @watches.include?(id) && !@awaited.key?(id)
    end

    def end_of_watch(reply)
      @watches.delete(reply.id)
      Outcome.new(reply.id, Reader.refusal(reply, reply.id))
    end

    def note_watch(request, id, value)
      case request.action
      when "Watch" then value.is_a?(Watched) && @watches.add(id)
      when "Unwatch" then value.is_a?(Done) && @watches.delete(request.headers.first.last)
      end
    end

    def notice(reply)
      notice = Reader.notice(reply)
      return notice if @watches.include?(notice.watch)

      # [CTL-117], [CTL-145]
      raise ProtocolError, "a #{reply.word} came for #{notice.watch.inspect}, which is not watched"
    end
  end
end
