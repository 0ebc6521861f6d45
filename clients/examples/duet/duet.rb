#!/usr/bin/env ruby
# frozen_string_literal: true

# The second voice of the duet: pushes to the page that duet.py serves, once a second.

$LOAD_PATH.unshift(File.expand_path("../../ruby/lib", __dir__))
require "optparse"
require "orbited"

EVERYBODY = "*, *, /duet"
CALL_SECONDS = 5
LAST_SECONDS = 1

options = { orbited: "127.0.0.1:9000", every: 1.0 }
OptionParser.new do |parser|
  parser.banner = "The Ruby voice of the duet."
  parser.on("--orbited HOST:PORT", /\A.+:\d+\z/, "Orbited's control port (127.0.0.1:9000)") do |place|
    options[:orbited] = place
    raise OptionParser::InvalidArgument, place unless (1..65_535).cover?(place[/\d+\z/].to_i)
  end
  parser.on("--every SECONDS", Float, "between two events (1)") do |seconds|
    options[:every] = seconds
    raise OptionParser::InvalidArgument, seconds.to_s unless seconds.positive? && seconds <= 3600
  end
  parser.parse!
rescue OptionParser::ParseError => error
  abort("duet.rb: #{error.message}")
end
# Shells switch Ctrl-C off for what runs in the background.
%w[INT TERM].each { |signal| trap(signal) { raise Interrupt } }
$stdout.sync = true

host, _, port = options[:orbited].rpartition(":")
orbit = Orbited::Client.new(host, port.to_i, timeout: CALL_SECONDS)
begin
  orbit.connect
  1.step do |number|
    begin
      receipt = orbit.event(EVERYBODY, { from: "Ruby", number: number }, ttl: 1)
      puts "Ruby #{number}: #{receipt}"
    rescue Orbited::Error => error
      warn "Ruby #{number}: #{error.message}"
    end
    sleep options[:every]
  end
rescue Interrupt
  orbit.disconnect(timeout: LAST_SECONDS)
rescue Orbited::Error => error
  abort("duet.rb: #{error.message}\nIs Orbited running? orbited serve --config orbited.cfg")
end
