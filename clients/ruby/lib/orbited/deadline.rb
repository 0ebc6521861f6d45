# frozen_string_literal: true

require_relative "exceptions"

module Orbited
  # The end of a call's time, on the monotonic clock.
  class Deadline
    # @param seconds [Float, nil] the time from now; nil: no end
    def initialize(seconds)
      @seconds = seconds
      @end = seconds && (now + seconds)
    end

    # @return [Float, nil] the seconds that are left, more than 0; nil if there is no end
    # @raise [Timeout] none is left
    def remaining(activity)
      left = @end && (@end - now)
      raise timeout(activity) if left && left <= 0

      left
    end

    # The error that says that the time is over.
    def timeout(activity)
      Timeout.new("#{activity} took longer than the #{@seconds} s given for the call")
    end

    private

    def now
      Process.clock_gettime(Process::CLOCK_MONOTONIC)
    end
  end
end
