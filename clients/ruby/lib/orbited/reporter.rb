# frozen_string_literal: true

module Orbited
  # Tells the application what became of events that nobody waited for: one after the other, in a
  # thread that lives as long as there are any.
  class Reporter
    # Events whose fates are still open; with more, `follow` waits.
    OPEN = 10_000
    private_constant :OPEN

    def initialize(on_error, on_receipt)
      @on_error = on_error
      @on_receipt = on_receipt
      begin_anew
    end

    # Wait in the background for the end of a submission, and tell it.
    def follow(submission, recipients)
      begin_anew unless @pid == Process.pid
      @mutex.synchronize do
        @changed.wait(@mutex) while @open.size >= OPEN
        @open << [submission, recipients]
        @thread = Thread.new { run } unless @thread&.alive?
      end
    end

    # Tell how an event ended.
    def tell(outcome, recipients)
      (outcome.is_a?(Error) ? @on_error : @on_receipt)&.call(outcome, recipients)
    end

    # Wait until all is told.
    def flush
      begin_anew unless @pid == Process.pid
      @mutex.synchronize { @changed.wait(@mutex) until @open.empty? }
    end

    private

    def begin_anew
      @pid = Process.pid
      @mutex = Mutex.new
      @changed = ConditionVariable.new
      @open = []
      @thread = nil
    end

    def run
      while (submission, recipients = @mutex.synchronize { following })
        begin
          submission.wait
          tell(submission.error || submission.value, recipients)
        rescue StandardError => fault
          # What the application's own code raised must not end the reports of the other events.
          warn("orbited: the report of an event raised #{fault.class}: #{fault.message}")
        ensure
          @mutex.synchronize { @open.shift && @changed.broadcast }
        end
      end
    end

    def following
      @thread = nil if @open.empty?
      @open.first
    end
  end
end
