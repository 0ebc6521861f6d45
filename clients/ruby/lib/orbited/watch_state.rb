# frozen_string_literal: true

require_relative "exceptions"
require_relative "notice"
require_relative "request"

module Orbited
  # A watch over all its connections: where it goes on after a loss, and the notices that wait to
  # be read. No I/O, no clock.
  class WatchState
    attr_reader :recipient, :id, :error
    # Where another watch can go on after what was read; nil: not there.
    attr_reader :position
    # Called when there is something new.
    attr_accessor :listener

    # @param recipient [ConnectionKey, Pattern] whom it is about
    # @param state [Boolean] whether to be told who is there [CTL-140]
    # @param limit [Integer] how many notices may wait
    # @param since [Position, nil] where to go on [CTL-141]; nil: to begin now
    # @raise [InvalidValue] it is no position
    def initialize(recipient, state:, limit:, since: nil)
      raise InvalidValue, "since is a Position, not #{since.inspect}" unless since.nil? || since.is_a?(Position)

      @recipient = recipient
      @state = state
      @limit = limit
      @position = since
      @epoch, @sequence = *since
      @notices = []
      @untold = 0
      @ended = false
    end

    # The request that begins it, or that goes on after the last notice [CTL-153]. If some of the
    # Presents are missing, the state has to be told anew, which a resumed watch would not do.
    def request
      place = @epoch && @untold.zero? ? { epoch: @epoch, sequence: @sequence } : {}
      Request.watch(@recipient, state: @state || nil, **place)
    end

    # The server watches. The first id stays the watch's name [CTL-138].
    def begun(id, watched)
      missing = @epoch && !watched.resumed
      @epoch = watched.epoch
      @sequence = watched.sequence
      @untold = watched.present || 0
      @position ||= place unless @id
      @id ||= id
      push(Gap.new(watch: @id, epoch: @epoch, sequence: @sequence)) if missing
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

    # The oldest notice that waits, which is read then; nil if there is none.
    def shift
      notice, position = @notices.shift
      @position = position if notice
      notice
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

    # Where another watch can go on after all that has come; nil before the end of a state.
    def place
      Position.new(epoch: @epoch, sequence: @sequence) if @untold.zero?
    end

    def push(notice)
      @notices << [notice, place]
      @listener&.call
      true
    end
  end
end
