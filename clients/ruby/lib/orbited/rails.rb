# frozen_string_literal: true

require_relative "rack"

module Orbited
  # Orbited in a Rails application:
  #
  #   # config/application.rb
  #   require "orbited/rails"
  #
  #   # config/initializers/orbited.rb
  #   Orbited::Rails.connect("localhost", 9000)
  #
  #   # anywhere, such as in a model's after_create
  #   Orbited::Rails.push("*, *, /room/#{room_id}", { text: text })
  module Rails
    class << self
      # Say where the server is. Makes no connection yet.
      #
      # @param on_error [#call] as for AfterCommit; by default errors go to Rails.logger
      # @param on_receipt [#call, nil] as for AfterCommit
      # @param options as for Client#initialize
      def connect(host = "localhost", port = Client::DEFAULT_PORT, on_error: method(:log), on_receipt: nil, **options)
        @client = Client.new(host, port, **options)
        @after_commit = AfterCommit.new(@client, on_error: on_error, on_receipt: on_receipt)
      end

      # The client, for calls that don't wait for a commit.
      #
      # @return [Client]
      def client
        after_commit && @client
      end

      # @return [AfterCommit]
      # @raise [RuntimeError] there was no `connect`
      def after_commit
        @after_commit or raise "Orbited::Rails.connect says where the server is: call it in an initializer"
      end

      # Push an event after the commit, as AfterCommit#push does.
      def push(recipients, body, **options)
        after_commit.push(recipients, body, **options)
      end

      private

      def log(error, recipients)
        logger = ::Rails.logger if defined?(::Rails) && ::Rails.respond_to?(:logger)
        if logger
          logger.error("orbited: #{recipients.join("; ")}: #{error.message}")
        else
          AfterCommit::WARN.call(error,
                                 recipients)
        end
      end
    end

    # Middleware that finds the AfterCommit of `connect`, which comes after the stack is made.
    class Middleware
      def initialize(app)
        @app = app
      end

      def call(env)
        Rack.new(@app, Rails.after_commit).call(env)
      end
    end

    if defined?(::Rails::Railtie)
      # Puts the middleware innermost, where the application's exceptions still pass.
      class Railtie < ::Rails::Railtie
        initializer("orbited.middleware") { |app| app.middleware.use(Middleware) }
      end
    end
  end
end
