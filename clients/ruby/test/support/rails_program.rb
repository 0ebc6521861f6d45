# frozen_string_literal: true

# Run by rails_test.rb, in a process of its own; does nothing where it is only loaded.
return unless $PROGRAM_NAME == __FILE__

$LOAD_PATH.unshift(File.expand_path("../../lib", __dir__))
ENV["RAILS_ENV"] = "production"
require "rails"
require "action_controller/railtie"
require "rack/mock"
require "orbited/rails"

# A whole Rails application.
class Application < Rails::Application
  config.eager_load = false
  config.logger = Logger.new(IO::NULL)
  config.secret_key_base = "of no use here"
  config.hosts.clear
  routes.append do
    get "/fine", to: "pages#fine"
    get "/failed", to: "pages#failed"
  end
end

# What it answers.
class PagesController < ActionController::Base
  def fine
    Orbited::Rails.push("a, 0, /x", 1)
    render plain: "fine #{RECEIPTS.size}"
  end

  def failed
    Orbited::Rails.push("a, 0, /x", 2)
    raise "no"
  end
end

RECEIPTS = Queue.new
Application.initialize!
Orbited::Rails.connect("127.0.0.1", Integer(ARGV.first), on_receipt: ->(*told) { RECEIPTS << told })

def get(path)
  _, _, body = Application.call(Rack::MockRequest.env_for(path))
  text = +""
  body.each { |part| text << part }
  body.close if body.respond_to?(:close)
  Orbited::Rails.after_commit.flush
  text
end

puts get("/fine")
get("/failed")
puts "failed #{RECEIPTS.size}"
puts "receipts #{RECEIPTS.size}"
Orbited::Rails.client.disconnect
