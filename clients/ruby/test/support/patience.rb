# frozen_string_literal: true

# Asks again and again until something is so, and not for ever.
module Patience
  SECONDS = 30

  # @yieldreturn what is true when it is so
  # @return that
  def self.until
    give_up = Process.clock_gettime(Process::CLOCK_MONOTONIC) + SECONDS
    loop do
      found = yield
      return found if found
      raise "it did not come to pass in #{SECONDS} s" if Process.clock_gettime(Process::CLOCK_MONOTONIC) > give_up
    end
  end
end
