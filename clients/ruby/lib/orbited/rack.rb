# frozen_string_literal: true

require_relative "after_commit"

module Orbited
  # Rack middleware: what was pushed during a request, outside of a transaction, goes out once the
  # response has. If the application, or its body, raises, it is dropped.
  #
  #   use Orbited::Rack, after_commit
  class Rack
    # @param app [#call] a Rack application
    # @param after_commit [AfterCommit]
    def initialize(app, after_commit)
      @app = app
      @after_commit = after_commit
    end

    def call(env)
      (status, headers, body), events = @after_commit.keep { @app.call(env) }
      return [status, headers, body] if events.empty?

      finished = env["rack.response_finished"]
      return [status, headers, Body.new(body) { @after_commit.release(events) }] unless finished

      # Rack 3: servers call these, the last first, when the response has gone out.
      finished << ->(_env, _status, _headers, error) { error || @after_commit.release(events) }
      [status, headers, body]
    end

    # A response body that runs a block once the server has sent and closed it.
    class Body
      def initialize(body, &block)
        @body = body
        @block = block
        @failed = false
      end

      def each(&block)
        @body.each(&block)
      rescue Exception # rubocop:disable Lint/RescueException
        @failed = true
        raise
      end

      def close
        @body.close if @body.respond_to?(:close)
        block = @block
        @block = nil
        block&.call unless @failed
      end

      def respond_to_missing?(name, include_all = false)
        name != :to_str && @body.respond_to?(name, include_all)
      end

      def method_missing(name, ...)
        respond_to_missing?(name) ? @body.public_send(name, ...) : super
      end
    end
  end
end
