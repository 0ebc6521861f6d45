# frozen_string_literal: true

require_relative "exceptions"
require_relative "limits"
require_relative "recipients"
require_relative "text"

module Orbited
  # One frame before it has an id.
  class Request
    VERSION_LINE = "Orbit 1.1"
    WITH_BODY = %w[Event Auth].freeze
    ACKS = %w[written browser].freeze
    MAX_NUMBER = 9_007_199_254_740_991
    LIST_LIMITS = (1..100_000)
    REASON_BYTES = (1..100)
    ID_BYTES = (1..255)
    EPOCH = /\A[A-Za-z0-9._-]{1,64}\z/
    EMPTY = "".b.freeze

    # What is asked for: "Event", "Auth", "Ping", "Watch", "Unwatch", "List" or "Close".
    attr_reader :action
    attr_reader :recipients, :headers, :body

    # An event [CTL-118]. `ack` is "written", the default, or "browser" [CTL-123], `ttl` whole
    # seconds, by default the session's [CTL-126].
    def self.event(recipients, body, ack: nil, ttl: nil)
      raise InvalidValue, "ack is 'written' or 'browser', not #{ack.inspect}" unless ack.nil? || ACKS.include?(ack.to_s)

      headers = []
      headers << ["ack", ack.to_s] if ack
      headers << ["ttl", whole(ttl, 0..MAX_NUMBER, "ttl")] if ttl
      new("Event", recipients, headers, body)
    end

    # Shows the server's secret [CTL-131].
    def self.auth(secret)
      new("Auth", [], [], secret.b.freeze)
    end

    def self.ping
      new("Ping")
    end

    # Asks for news of the keys that one recipient stands for [CTL-137]; with `epoch` and
    # `sequence`, of those after the notice which has them [CTL-141].
    #
    # @param state [Boolean] whether to be told who is there already [CTL-140]
    def self.watch(recipient, state: nil, epoch: nil, sequence: nil)
      raise InvalidValue, "epoch and sequence go together" if epoch.nil? ^ sequence.nil?

      headers = []
      headers << ["state", state ? "yes" : "no"] unless state.nil?
      headers << ["epoch", epoch_text(epoch)] if epoch
      headers << ["sequence", whole(sequence, 0..MAX_NUMBER, "sequence")] if sequence
      new("Watch", [recipient], headers)
    end

    # Ends the watch whose frame had this id [CTL-145].
    def self.unwatch(watch)
      new("Unwatch", [], [["watch", id_text(watch)]])
    end

    # Asks for the keys that have a session, at most `limit`, 10,000 by default [CTL-149].
    def self.list(recipients, limit: nil)
      new("List", recipients, limit ? [["limit", whole(limit, LIST_LIMITS, "limit")]] : [])
    end

    # Ends sessions [CTL-150]. The reason is for the browser, 1 to 100 bytes [CTL-151].
    def self.close(recipients, reason: nil)
      return new("Close", recipients) unless reason

      value = line(reason, "reason")
      unless REASON_BYTES.cover?(value.bytesize)
        raise InvalidValue, "a reason has 1 to 100 bytes, not #{value.bytesize}"
      end

      new("Close", recipients, [["reason", value]])
    end

    def self.whole(value, range, what)
      return value.to_s if value.is_a?(Integer) && range.cover?(value)

      raise InvalidValue, "#{what} is a whole number from #{range.min} to #{range.max}, not #{value.inspect}"
    end

    def self.line(value, what)
      utf8 = value.is_a?(String) ? Text.utf8(value) : nil
      return utf8 if utf8 && !Text::CONTROL.match?(utf8)

      raise InvalidValue, "#{what} is text without control characters, not #{value.inspect}"
    end

    # [CTL-136]
    def self.epoch_text(epoch)
      return epoch if epoch.is_a?(String) && EPOCH.match?(epoch)

      raise InvalidValue, "an epoch has 1 to 64 of A-Z a-z 0-9 . _ -, not #{epoch.inspect}"
    end

    # An id has 1 to 255 bytes on one line [CTL-18].
    #
    # @raise [InvalidValue]
    def self.id_text(id)
      text = Text.utf8(id)
      return text if text && ID_BYTES.cover?(text.bytesize) && !text.match?(/[\r\n]/)

      raise InvalidValue, "an id has 1 to 255 bytes on one line: not #{id.inspect}"
    end
    private_class_method :whole, :line, :epoch_text

    def initialize(action, recipients = [], headers = [], body = EMPTY)
      @action = action
      @recipients = recipients.freeze
      @headers = headers.freeze
      @body = body
      freeze
    end

    # Refuse what is larger than the wire allows.
    #
    # @raise [LimitExceeded]
    # @raise [InvalidValue] it is no id
    def check(limits, id = "1")
      Request.id_text(id)
      limits.check(:recipients, @recipients.size, "recipients")
      limits.check(:body, @body.bytesize, "bytes in the body")
      longest = @recipients.map { |key| key.to_s.bytesize }.max || 0
      limits.check(:line, longest + "recipient: ".bytesize, "bytes in a recipient's line")
      limits.check(:head, head(id).bytesize, "bytes in all lines")
    end

    # Whether a server of Orbit 1.0 takes the frame for what it means: it ignores `ack` and `ttl`,
    # and has no patterns.
    def plain?
      @action == "Event" && @headers.empty? && @recipients.none?(Pattern)
    end

    # Whether it is a frame of Orbit 1.0.
    def orbit10?
      false
    end

    # The same in a frame of Orbit 1.0, if it is plain.
    def orbit10
      Request10.new(@action, @recipients, @headers, @body)
    end

    # Write the frame.
    #
    #   Orbit 1.1
    #   Event
    #   id: 7
    #   recipient: *, *, /chat            (one line each)
    #   ack: browser
    #   ttl: 10
    #   length: 17                        (bytes of the body)
    #
    #   "Hello, browser!"
    #
    # @return [String] in binary
    def encode(id)
      head(id) << @body
    end

    private

    def head(id)
      lines = [self.class::VERSION_LINE, @action, "id: #{id}"]
      lines.concat(@recipients.map { |recipient| "recipient: #{recipient}" })
      lines.concat(@headers.map { |name, value| "#{name}: #{value}" })
      lines << "length: #{@body.bytesize}" if WITH_BODY.include?(@action)
      lines.push("", "").join("\r\n").b
    end
  end

  # One frame of Orbit 1.0, which has events for keys alone.
  class Request10 < Request
    VERSION_LINE = "Orbit 1.0"

    def self.event(recipients, body)
      new("Event", recipients, [], body)
    end

    def orbit10?
      true
    end
  end
end
