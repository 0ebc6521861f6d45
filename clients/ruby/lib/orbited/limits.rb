# frozen_string_literal: true

require_relative "exceptions"

module Orbited
  # How large things may be on the wire, as the server has it by default. Raise the first four only
  # together with the settings of the server that are named below; what is over a limit is refused
  # before anything is sent.
  #
  # * line: bytes in one line, without its end. 8,192 (`control.line`).
  # * recipients: recipients of one frame. 100,000 (`control.recipients`).
  # * body: bytes in one body. 1,048,576 (`control.body`).
  # * head: bytes in all lines of one frame, their ends included. 16,777,216 (`control.head`).
  # * in_flight: calls that are not yet answered on a connection; further ones wait in the queue.
  #   5,000. It has to stay below the server's `control.in_flight`, 10,000, at which the server
  #   stops to read, a Ping included [CTL-88].
  # * in_flight_bytes: bytes of frames that are not yet answered on a connection; a larger frame
  #   goes alone. 16,777,216, below the server's `control.in_flight_bytes`, 67,108,864 [CTL-88].
  # * reply: bytes in one reply, its body included. 67,108,864; a larger one is a ProtocolError.
  # * notices: notices of one watch that wait to be read. 10,000; with one more the watch ends
  #   with NoticesOverflow.
  Limits = Struct.new(
    :line, :recipients, :body, :head, :in_flight, :in_flight_bytes, :reply, :notices, keyword_init: true
  ) do
    def initialize(line: 8192, recipients: 100_000, body: 1_048_576, head: 16_777_216,
                   in_flight: 5_000, in_flight_bytes: 16_777_216, reply: 67_108_864, notices: 10_000)
      super
      freeze
    end

    # Refuse a size beyond its limit.
    #
    # @param limit [Symbol] the name of the member
    # @param value [Integer] the size, in the unit of the member
    # @param what [String] unit and thing for the message, such as "bytes in the body"
    # @raise [LimitExceeded]
    def check(limit, value, what)
      maximum = self[limit]
      return if value <= maximum

      message = "#{value} #{what}: at most #{maximum} are allowed"
      raise LimitExceeded.new(message, limit: limit, value: value, maximum: maximum)
    end
  end

  DEFAULT_LIMITS = Limits.new
end
