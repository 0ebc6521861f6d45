# frozen_string_literal: true

module Orbited
  # How long to wait before the next attempt to connect: any time up to a bound that doubles with
  # each failure in a row, so that many clients don't come back at once ("full jitter").
  class Backoff
    BASE = 1.0
    CAP = 30.0

    # @param base [Float] seconds before the first attempt after a loss, at most
    # @param cap [Float] seconds before any attempt, at most
    # @param random [#rand] gives a number from 0 to below 1
    def initialize(base: BASE, cap: CAP, random: Random)
      @base = base
      @cap = cap
      @random = random
      @failures = 0
    end

    attr_reader :cap

    # Count a failure, and give the seconds to wait.
    def next
      bound = [@cap, @base * (2.0**[@failures, 64].min)].min
      @failures += 1
      @random.rand * bound
    end

    # Begin anew: a connection works.
    def reset
      @failures = 0
    end
  end
end
