# frozen_string_literal: true

require_relative "limits"
require_relative "reply"

module Orbited
  # Turns bytes into replies and notices, however the network cuts them [CTL-45]. It holds at most
  # one unfinished reply.
  class ReplyDecoder
    # `unreached: 305 unconfirmed (KEY)` is longer than the `recipient: KEY` that the limit is for.
    SURPLUS = 64
    # Anything else at the beginning is no later version of Orbit, but another protocol.
    WORD = /\A[A-Za-z][A-Za-z0-9-]*\z/
    private_constant :SURPLUS, :WORD

    # @param limits [Limits] a line or a reply that is larger is a ProtocolError
    def initialize(limits = DEFAULT_LIMITS)
      @limits = limits
      @buffer = "".b
      @position = 0
      @scanned = 0
      @reply = nil
      @size = 0
      @missing = nil
      @failure = nil
    end

    # Take the next bytes and give the replies that they finish.
    #
    # @return [Array<Reply, ProtocolError>] if the bytes are no Orbit, the last is the error, and
    #   each further call gives it again
    def feed(data)
      return [@failure] if @failure

      replies = []
      begin
        decode(data, replies)
      rescue ProtocolError => error
        @buffer.clear
        replies << (@failure = error)
      end
      replies
    end

    private

    def decode(data, replies)
      @buffer << data
      nil while @missing ? take_body(replies) : take_line(replies)
      return if @position.zero?

      @buffer = @buffer.byteslice(@position..)
      @scanned -= @position
      @position = 0
    end

    def take_line(replies)
      ending = @buffer.index("\n", [@position, @scanned].max)
      @scanned = ending ? ending + 1 : @buffer.bytesize
      check_line(@scanned - @position)
      return false unless ending

      line = text(@buffer.byteslice(@position...ending))
      grow(@scanned - @position)
      @position = @scanned
      take_text(line, replies)
      true
    end

    def take_text(line, replies)
      if @reply.nil?
        @reply = Reply.new(word(line))
      elsif line.empty?
        end_head(replies)
      else
        @reply.add(line)
      end
    end

    def end_head(replies)
      @reply.check
      length = @reply.length or return finish(replies)

      grow(length)
      @missing = length
    end

    def take_body(replies)
      return false if @buffer.bytesize - @position < @missing

      @reply.body = @buffer.byteslice(@position, @missing)
      @position += @missing
      @scanned = @position
      finish(replies)
      true
    end

    def finish(replies)
      replies << @reply
      @reply = nil
      @missing = nil
      @size = 0
    end

    def grow(bytes)
      @size += bytes
      raise ProtocolError, "a reply is longer than #{@limits.reply} bytes" if @size > @limits.reply
    end

    def check_line(length)
      # The end of the line is not counted [CTL-9], but is there.
      return if length <= @limits.line + SURPLUS + 2

      raise ProtocolError, "a line of a reply is longer than #{@limits.line} bytes"
    end

    def text(bytes)
      line = bytes.delete_suffix("\r").force_encoding("UTF-8")
      raise ProtocolError, "the reply's line #{line.inspect} is not UTF-8" unless line.valid_encoding?
      raise ProtocolError, "the reply's line #{line.inspect} holds a carriage return" if line.include?("\r")

      line
    end

    def word(line)
      return line if WORD.match?(line)

      raise ProtocolError, "a reply begins with #{line[0, 80].inspect}, which is no word of Orbit"
    end
  end
end
