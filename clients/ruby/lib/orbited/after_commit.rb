# frozen_string_literal: true

require_relative "client"
require_relative "reporter"
require_relative "transaction"

module Orbited
  # Pushes events when what they tell of is certain, and not before.
  #
  # * In a transaction of ActiveRecord: when the outermost transaction commits. If it is rolled
  #   back, they are dropped.
  # * Else, in a request that passes through Orbited::Rack: when the response has gone out. If the
  #   application raised, they are dropped.
  # * Else at once.
  #
  # `push` doesn't wait for what becomes of the event; that is told to `on_error` and `on_receipt`,
  # in a thread of its own. Any thread may push.
  class AfterCommit
    # Prints what went wrong on standard error.
    WARN = ->(error, recipients) { warn("orbited: no event to #{recipients.join("; ")}: #{error.message}") }

    # @param orbit [Client]
    # @param on_error [#call] gets each Error, with the recipients of its event. By default it is
    #   printed on standard error.
    # @param on_receipt [#call, nil] gets each Receipt, with the recipients of its event
    def initialize(orbit, on_error: WARN, on_receipt: nil)
      @orbit = orbit
      @reporter = Reporter.new(on_error, on_receipt)
      @key = :"orbited_after_commit_#{object_id}"
    end

    # Push an event when the time has come. It is written down now: later changes of the body don't
    # change it.
    #
    # @param recipients as for Client#event
    # @param body as for Client#event
    # @param json [Boolean] as for Client#event
    # @param options [Hash] `ttl`, `ack`, `try_again` and `timeout` of Client#event
    # @raise [InvalidRecipient, InvalidBody, InvalidValue] it can't be sent
    def push(recipients, body, json: true, **options)
      keys = Recipients.read(recipients)
      bytes = Body.encode(body, json)
      Request.event(keys, bytes, **options.slice(:ttl, :ack))
      event = [keys, bytes, options]
      return if Transaction.on_commit { release([event]) }

      kept = Thread.current[@key]
      kept ? kept << event : release([event])
      nil
    end

    # Keep what this thread pushes during a block; used by Orbited::Rack.
    #
    # @return [Array(Object, Array)] what the block returns, and the events to `release`
    def keep
      before = Thread.current[@key]
      Thread.current[@key] = []
      [yield, Thread.current[@key]]
    ensure
      Thread.current[@key] = before
    end

    # Send what was kept.
    def release(events)
      events.each do |keys, bytes, options|
        @reporter.follow(@orbit.submit(keys, bytes, json: false, **options), keys)
      rescue Error => error
        @reporter.tell(error, keys)
      end
    end

    # Wait until the fates of all events that were sent are known and told.
    def flush
      @reporter.flush
    end
  end
end
