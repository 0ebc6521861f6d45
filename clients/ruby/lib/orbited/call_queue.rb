# frozen_string_literal: true

require_relative "exceptions"

module Orbited
  # Calls that wait to be put on a connection, the oldest first.
  class CallQueue
    POLICIES = %i[wait fail drop_oldest].freeze

    # @param size [Integer] how many new calls may wait
    # @param policy [Symbol] what becomes of one more: :wait, :fail or :drop_oldest
    def initialize(size, policy)
      raise ArgumentError, "a queue has room for at least one: not #{size.inspect}" unless size.positive?
      raise ArgumentError, "a policy is one of #{POLICIES}, not #{policy.inspect}" unless POLICIES.include?(policy)

      @size = size
      @policy = policy
      @calls = []
    end

    def empty?
      @calls.empty?
    end

    def full?
      @calls.size >= @size
    end

    # Take a new call, or end it, or end another.
    #
    # @param connected [Boolean] then there will soon be room, whatever the policy
    # @return [Boolean] whether the call was dealt with; if not, it is to come again
    def offer(call, connected:)
      return push(call) unless full?
      return false if connected || @policy == :wait

      if @policy == :fail
        call.finish(QueueFull.new("#{@size} calls wait for a connection already"))
      else
        drop_oldest
        push(call)
      end
      true
    end

    # Take one more in any case.
    def push(call)
      @calls.push(call)
      true
    end

    # Put calls back that had been taken out, in their order, before all others.
    def put_back(calls)
      @calls.unshift(*calls)
    end

    def shift
      @calls.shift
    end

    def remove(call)
      @calls.delete(call)
    end

    # Take all calls out that meet a condition.
    def take_if(&condition)
      taken, @calls = @calls.partition(&condition)
      taken
    end

    def first_deadline
      @calls.filter_map(&:deadline).min
    end

    private

    def drop_oldest
      message = "a later call took its place in the queue, which has room for #{@size}"
      @calls.shift.finish(Dropped.new(message))
    end
  end
end
