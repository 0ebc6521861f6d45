# frozen_string_literal: true

module Orbited
  # News of who comes and goes, as notices to be read. It goes on over lost connections; a Gap says
  # that some may have been missed.
  #
  # At most 10,000 notices (Limits#notices) wait to be read; with one more the watch ends with
  # NoticesOverflow. Any number of threads may read; each notice goes to one of them.
  class Watch
    include Enumerable

    # For the client alone.
    attr_reader :watch_state

    def initialize(watch_state, shell)
      @watch_state = watch_state
      @shell = shell
      @condition = ConditionVariable.new
      watch_state.listener = -> { @condition.broadcast }
    end

    # Whom it is about: a ConnectionKey or a Pattern.
    def recipient
      @watch_state.recipient
    end

    # How far it is read, for `since` of another watch.
    #
    # @return [Position, nil] nil: not where one could go on, which is between the first and the last
    #   Present of a state
    def position
      @watch_state.position
    end

    # Wait for the next notice.
    #
    # @param timeout [Float, nil] seconds; nil: without end
    # @return [Notice, nil] nil if the time is over, or if the watch has ended and all is read
    # @raise [Error] the watch has ended with it: a NoticesOverflow, or a RefusedError
    def next(timeout: nil)
      @shell.next_notice(@watch_state, @condition, timeout)
    end

    # Give each notice as it comes, until the watch has ended.
    #
    # @raise [Error] as `next`
    def each
      return to_enum unless block_given?

      while (notice = self.next)
        yield notice
      end
      self
    end

    # Whether it has ended. Notices may still wait to be read.
    def ended?
      @watch_state.ended?
    end
  end
end
