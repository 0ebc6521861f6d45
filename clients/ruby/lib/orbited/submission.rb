# frozen_string_literal: true

module Orbited
  # A call that is under way, and will end in a value or an error. Any thread may wait for it.
  class Submission
    # For the client alone.
    attr_reader :call

    # @param call [Call] one that is not submitted yet
    # @param shell [Shell]
    # @param done [Queue, nil] gets the submission when it has ended
    def initialize(call, shell, done: nil)
      @call = call
      @shell = shell
      @done = done
      @condition = ConditionVariable.new
      call.listener = method(:tell)
    end

    # Wait for the end, and give the value, or raise the error. The call has a time-out of its own,
    # by which this ends.
    #
    # @return [Receipt] for an event
    # @raise [Error] what the call ended with
    def value
      wait
      raise @call.outcome.dup if @call.outcome.is_a?(Exception)

      @call.outcome
    end

    # Wait for the end, without raising what the call ended with.
    #
    # @return [self]
    def wait
      @shell.wait_for(@call, @condition)
      self
    end

    # Whether the call has ended.
    def done?
      @call.ended?
    end

    # The error that the call ended with; nil if it is under way or ended in a value.
    def error
      @call.outcome if @call.ended? && @call.outcome.is_a?(Exception)
    end

    # The id of the frame as text, as a Signoff names it; nil before it is on a connection. It
    # changes when the event is sent again.
    def id
      @call.id
    end

    private

    def tell
      @condition.broadcast
      @done&.push(self)
    rescue ClosedQueueError
      # Whoever closed the queue does not want to know any more.
    end
  end
end
