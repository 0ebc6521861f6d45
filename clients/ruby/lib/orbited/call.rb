# frozen_string_literal: true

require_relative "exceptions"

module Orbited
  # One request on its way to its end, which is a value or an error. No I/O, no clock.
  class Call
    attr_reader :request, :deadline, :outcome, :watch
    # The id of the frame, once it is on a connection; its bytes; the offset of its last one in what
    # is sent there; and when it was put there.
    attr_accessor :id, :size, :end_offset, :begun_at
    # Called when the call has ended.
    attr_accessor :listener

    # @param request [Request, nil] nil: the call ends when there is a connection
    # @param deadline [Float, nil] when it times out, on the clock of `now`; nil: never
    # @param try_again [Boolean] whether it is sent again after a lost connection
    # @param watch [WatchState, nil] what a Watch begins or renews
    # @param internal [Boolean] whether it belongs to its connection, and ends with it unheard
    def initialize(request, deadline: nil, try_again: false, watch: nil, internal: false)
      @request = request
      @deadline = deadline
      @try_again = try_again
      @watch = watch
      @internal = internal
      @maybe_delivered = false
      @ended = false
    end

    def try_again?
      @try_again
    end

    def internal?
      @internal
    end

    def ended?
      @ended
    end

    # Whether the server can have carried it out on an earlier connection.
    def maybe_delivered?
      @maybe_delivered
    end

    # Note that the server can have carried it out.
    def may_have_been_carried_out
      @maybe_delivered = true
    end

    def overdue?(now)
      !@deadline.nil? && now >= @deadline
    end

    # End it; a second time does nothing.
    #
    # @param outcome [Object, Error] an error takes over what is known of an earlier attempt
    def finish(outcome)
      return if @ended

      @ended = true
      @outcome = outcome.is_a?(Error) && @maybe_delivered ? outcome.with_delivery(true) : outcome
      @listener&.call
    end
  end
end
