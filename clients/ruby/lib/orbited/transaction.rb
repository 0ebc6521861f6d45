# frozen_string_literal: true

module Orbited
  # The transaction of ActiveRecord::Base in which this thread is, if ActiveRecord is loaded.
  module Transaction
    # Run a block when the outermost transaction commits, and never if it is rolled back.
    #
    # @return [Boolean] false if there is no transaction: the block will not run
    def self.on_commit(&block)
      connection = open_connection or return false

      connection.add_transaction_record(Hook.new(connection, block))
      true
    end

    def self.open_connection
      return unless defined?(::ActiveRecord::Base) && ::ActiveRecord::Base.connected?

      # That of this thread, without taking one out of the pool.
      connection = ::ActiveRecord::Base.connection_pool.active_connection? || nil
      connection if connection&.transaction_open?
    end
    private_class_method :open_connection

    # What ActiveRecord asks of a record that takes part in a transaction.
    class Hook
      def initialize(connection, block)
        @connection = connection
        @block = block
      end

      def before_committed!(*); end

      def committed!(should_run_callbacks: true)
        @block.call if should_run_callbacks
      end

      def rolledback!(**); end

      def trigger_transactional_callbacks?
        true
      end

      # A savepoint is released into the transaction round it.
      def add_to_transaction(*)
        @connection.add_transaction_record(self)
      end
    end
  end
end
