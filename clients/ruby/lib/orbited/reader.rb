# frozen_string_literal: true

require_relative "notice"
require_relative "outcome"
require_relative "receipt"
require_relative "reply"

module Orbited
  # Reads what a reply means for the request that it answers. No state.
  module Reader
    NO_REASON = "the server refused and did not say why"
    BAD_ACTION = 102

    module_function

    # @param reply [Reply] a Success or a Failure
    # @param id [String] that of the request
    # @param request [Request] what it answers
    # @return [Receipt, Done, Watched, Listing, Closed, RefusedError]
    # @raise [ProtocolError] it is no answer to this request
    def value(reply, id, request)
      return event(reply, id, request) if request.action == "Event"
      return refusal(reply, id) if reply.failure?

      case request.action
      when "Watch" then watching(reply, id)
      when "List" then listing(reply)
      when "Close" then Closed.new(reply.required("closed"))
      else Done.new(id)
      end
    end

    # @return [RefusedError]
    def refusal(reply, id)
      sentence = reply.message.empty? ? NO_REASON : reply.message
      details = { code: reply.code, name: reply.name, id: id }
      return RefusedError.new(sentence, **details) unless reply.code == BAD_ACTION

      UnsupportedVersion.new("the server speaks Orbit 1.0 only: #{sentence}", **details)
    end

    # @param reply [Reply] a Present, a Signon or a Signoff [CTL-143]
    def notice(reply)
      place = {
        watch: reply["watch"], epoch: reply["epoch"], sequence: reply["sequence"], key: reply["key"]
      }
      case reply.word
      when "Present" then Present.new(**place)
      when "Signon" then Signon.new(**place)
      else
        fates = { missed: reply.all("missed"), unconfirmed: reply.all("unconfirmed") }
        Signoff.new(**place, reason: reply["reason"], **fates)
      end
    end

    def event(reply, id, request)
      missing = reply.unreached
      older = reply.recipients
      return refusal(reply, id) if reply.failure? && missing.empty? && older.empty?
      if reply.success? && !(missing.empty? && older.empty?)
        raise ProtocolError, "a Success names recipients that were not reached"
      end

      request.orbit10? ? receipt10(reply, id, request, older) : receipt(reply, id, request, missing)
    end

    def receipt(reply, id, request, missing)
      check_named(request, missing.map(&:key))
      Receipt.new(id: id, reached: reply.required("reached"), unreached: missing, message: reply.message)
    end

    # The reply to an event of Orbit 1.0 names who was not reached, and does not say why.
    def receipt10(reply, id, request, older)
      missing = older.uniq
      check_named(request, missing)
      unreached = missing.map { |key| Unreached.new(key: key) }
      reached = request.recipients.size - missing.size
      Receipt.new(id: id, reached: reached, unreached: unreached, message: reply.message)
    end

    def check_named(request, keys)
      return if keys.empty?

      patterns, named = request.recipients.partition { |recipient| recipient.is_a?(Pattern) }
      others = keys - named
      stranger = others.find { |key| patterns.none? { |pattern| pattern.match?(key) } }
      raise ProtocolError, "the reply names #{stranger}, which the event is not for" if stranger
    end

    def watching(reply, id)
      Watched.new(
        id: id, epoch: reply.required("epoch"), sequence: reply.required("sequence"),
        present: reply["present"], resumed: reply["resumed"]
      )
    end

    def listing(reply)
      text = (reply.body || "").dup.force_encoding("UTF-8")
      raise ProtocolError, "the keys of a List are not UTF-8" unless text.valid_encoding?

      keys = text.split("\n").map { |line| Reply.key(line) }
      stated = reply.required("keys")
      raise ProtocolError, "the reply says #{stated} keys and has #{keys.size}" unless stated == keys.size

      Listing.new(keys.freeze, reply["more"] || false)
    end
  end
end
