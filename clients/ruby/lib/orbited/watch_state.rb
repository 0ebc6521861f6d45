# frozen_string_literal: true

require_relative "exceptions"
require_relative "notice"
require_relative "request"

module Orbited
  # A watch over all its connections: where it goes on after a loss, and the notices that wait to
  # be read. No I/O, no clock.
  class WatchState
    attr_reader :recipient, :id, :error
    # Called when there is something new.
    attr_accessor :listener

    # @param recipient [ConnectionKey, Pattern] whom it is about
    # @param state [Boolean] whether to be told who is there [CTL-140]
    # @param limit [Integer] how many notices may wait
    def initialize(recipient, state:, limit:)
      @recipient = recipient
      @state = state
      @limit = limit
      @notices = []
      @untold = 0
      @ended = false
    end

    # The request that begins it, or that goes on after the last notice [CTL-153]. If some of the
    # Presents are missing, the state has to be told anew, which a resumed watch would not do.
    def request
      place = @id && @untold.zero? ? { epoch: @epoch, sequence: @sequence } : {}
      Request.watch(@recipient, state: @state || nil, **place)
    end

    # The server watches. The first id stays the watch's name [CTL-138].
    def begun(id, watched)
      push(Gap.new(watch: id.to_s, epoch: watched.epoch, sequence: watched.sequence)) if @id && !watched.resumed
      @id ||= id
      @epoch = watched.epoch
      @sequence = watched.sequence
      @untold = watched.present || 0
    end

    # Take a notice.
    #
    # @return [Boolean] false if too many wait now, which ends the watch
    def take(notice)
      @epoch = notice.epoch
      @sequence = notice.sequence
      @untold -= 1 if notice.is_a?(Present) && @untold.positive?
      return push(notice) if @notices.size < @limit

      finish(NoticesOverflow.new("#{@limit} notices of #{@recipient} wait to be read already"))
      false
    end

    # The oldest notice that waits; nil if there is none.
    def shift
      @notices.shift
    end

    def ended?
      @ended
    end

    # End it; what waits can still be read.
    #
    # @param error [Error, nil] nil: at the client's own wish
    def finish(error = nil)
      return if @ended

      @ended = true
      @error = error
      @listener&.call
    end

    private

    def push(notice)
      @notices << notice
      @listener&.call
      true
    end
  end
end
