# frozen_string_literal: true

# Everything that can go wrong, as one tree.
#
#   Error
#   ├── ConnectionError
#   │   ├── ConnectFailed      no connection could be made
#   │   └── ConnectionLost     the connection ended before the reply
#   ├── Timeout                the call took too long
#   ├── QueueFull              the queue is full, and the policy is :fail
#   ├── Dropped                a later call took the place in the queue (:drop_oldest)
#   ├── Disconnected           the client was disconnected meanwhile
#   ├── NoticesOverflow        nobody read the notices of a watch in time
#   ├── ProtocolError          the peer does not speak Orbit
#   ├── RefusedError           the server refused: code, name, sentence
#   │   └── UnsupportedVersion the server speaks Orbit 1.0 only, and the call needs Orbit 1.1
#   ├── InvalidRecipient       no connection key and no pattern
#   ├── InvalidBody            can't be sent as a body
#   ├── InvalidValue           can't be sent as the value of a header
#   └── LimitExceeded          more than the wire allows
#
# A recipient that was not reached is no error: it is named by the Receipt.
module Orbited
  # The root of all errors of this library. Each answers two questions: can the same call succeed
  # later, and can browsers have got the event nevertheless.
  class Error < StandardError
    # @param message [String] what happened, in one sentence
    # @param maybe_delivered [Boolean] whether the server can have carried out the call
    def initialize(message, maybe_delivered: false)
      super(message)
      @maybe_delivered = maybe_delivered
    end

    # Whether browsers can have got the event, or the server can have carried out the call.
    def maybe_delivered?
      @maybe_delivered
    end

    # Whether the same call can succeed if it is made again.
    def retriable?
      false
    end

    # Whether the call can be made again without the risk of delivering an event twice.
    def safe_to_retry?
      retriable? && !maybe_delivered?
    end

    # The number from the registry of codes; nil if the server gave none.
    def code
      nil
    end

    # The name that belongs to the code; nil if the server gave none.
    def name
      nil
    end

    # A copy for another call, which may have been delivered though this one was not.
    def with_delivery(maybe)
      return self if maybe == maybe_delivered?

      dup.tap { |copy| copy.instance_variable_set(:@maybe_delivered, maybe) }
    end
  end

  # Errors after which the same call may succeed.
  module Retriable
    def retriable?
      true
    end
  end

  # There is no connection to the server, or no longer.
  class ConnectionError < Error
    include Retriable
  end

  # No connection could be made. Nothing was sent, unless this was the retry of a call whose
  # connection was lost: then maybe_delivered? tells about the first attempt.
  class ConnectFailed < ConnectionError; end

  # The connection ended before the reply came. maybe_delivered? is true if the whole frame had
  # been sent: a server can't carry out what it has only in part [CTL-92], [CTL-94].
  class ConnectionLost < ConnectionError; end

  # The time given for the call was over. maybe_delivered? is true if all of it had been sent.
  class Timeout < Error
    include Retriable
  end

  # As many calls wait for a connection as may, and the policy is :fail. Nothing was sent.
  class QueueFull < Error
    include Retriable
  end

  # The call was the oldest of a full queue, and the policy is :drop_oldest. Nothing was sent.
  class Dropped < Error
    include Retriable
  end

  # The client was disconnected before the call had its reply.
  class Disconnected < Error
    include Retriable
  end

  # More notices of a watch waited to be read than may. The watch has ended; watch again, `since` its
  # position.
  class NoticesOverflow < Error
    include Retriable
  end

  # The peer sent something that is no Orbit. The connection is closed.
  class ProtocolError < Error; end

  # The server refused the call as a whole and carried out nothing of it.
  class RefusedError < Error
    TEMPORARY = (400..499)
    private_constant :TEMPORARY

    # The server's own sentence; code; name of the code; id of what was refused, nil if unknown.
    attr_reader :sentence, :code, :name, :id

    def initialize(sentence, code: nil, name: nil, id: nil, maybe_delivered: false)
      suffix = code && " (#{[code, name].compact.join(" ")})"
      super("#{sentence}#{suffix}", maybe_delivered: maybe_delivered)
      @sentence = sentence
      @code = code
      @name = name
      @id = id
    end

    # Whether the code is one of the temporary ones, 4xx.
    def retriable?
      TEMPORARY.cover?(@code)
    end
  end

  # The server speaks Orbit 1.0 only, and the call needs Orbit 1.1 [CTL-152]: it takes events for
  # keys, without ttl and ack. Nothing was sent.
  class UnsupportedVersion < RefusedError; end

  # A recipient is neither a connection key nor a pattern. Nothing was sent.
  class InvalidRecipient < Error
    # The recipient as it was given.
    attr_reader :recipient

    def initialize(message, recipient: nil)
      super(message)
      @recipient = recipient
    end
  end

  # The body can't be written as JSON or as UTF-8, or is no string. Nothing was sent.
  class InvalidBody < Error; end

  # A value can't stand in its header. Nothing was sent.
  class InvalidValue < Error; end

  # The call is larger than the wire allows. Nothing was sent.
  class LimitExceeded < Error
    # The name of the member of Limits; the size that was given; the size that is allowed.
    attr_reader :limit, :value, :maximum

    def initialize(message, limit:, value:, maximum:)
      super(message)
      @limit = limit
      @value = value
      @maximum = maximum
    end
  end
end
