# frozen_string_literal: true

# CherryChat: people in a room, who hear each other at once.
#
# Run Orbited with the configuration beside this file, then this program, and open
# http://127.0.0.1:8000/ in two windows.

$LOAD_PATH.unshift(File.expand_path("../../lib", __dir__))
require "optparse"
require "rack"
require "rack/handler/webrick"
require "webrick"
require_relative "chat_app"

options = { port: 4700, orbited: "127.0.0.1:9000" }
OptionParser.new do |parser|
  parser.banner = "A chat room over Orbited."
  parser.on("--port PORT", Integer, "0 lets the system choose (4700)") { |port| options[:port] = port }
  parser.on("--orbited HOST:PORT", "Orbited's control port (127.0.0.1:9000)") { |place| options[:orbited] = place }
end.parse!
host, _, port = options[:orbited].rpartition(":")
abort("--orbited is HOST:PORT") unless !host.empty? && port.match?(/\A\d+\z/)

Orbited::Client.open(host, port.to_i, timeout: 20) do |orbit|
  room = Room.new(orbit)
  Thread.new { room.watch }
  server = WEBrick::HTTPServer.new(
    BindAddress: "127.0.0.1", Port: options[:port], AccessLog: [],
    Logger: WEBrick::Log.new($stderr, WEBrick::Log::ERROR)
  )
  server.mount("/", Rack::Handler::WEBrick, ChatApp.new(room))
  %w[INT TERM].each { |signal| trap(signal) { server.shutdown } }
  puts "cherrychat: listening on http://127.0.0.1:#{server.listeners.first.local_address.ip_port}/"
  $stdout.flush
  server.start
end
