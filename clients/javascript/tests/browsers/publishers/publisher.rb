# frozen_string_literal: true

# The Ruby client as a program: watches a pattern, and sends what it is told, as publisher.py does.

require "json"
require_relative "../../../../ruby/lib/orbited"

$stdout.sync = true
lock = Mutex.new
tell = ->(*words) { lock.synchronize { puts JSON.generate(words) } }
orbit = Orbited::Client.new("127.0.0.1", Integer(ARGV[0]))
watch = orbit.watch(ARGV[1], state: true)
Thread.new { watch.each { |notice| tell.call(notice.class.name.split("::").last.downcase, notice.key.to_s) } }
$stdin.each_line do |line|
  recipient, value = JSON.parse(line)
  tell.call("receipt", orbit.event(recipient, value, ack: "browser").reached)
end
orbit.disconnect
