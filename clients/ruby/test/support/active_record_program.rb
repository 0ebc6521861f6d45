# frozen_string_literal: true

# Run by active_record_test.rb, in a process of its own; does nothing where it is only loaded.
return unless $PROGRAM_NAME == __FILE__

$LOAD_PATH.unshift(File.expand_path("../../lib", __dir__))
require "active_record"
require "orbited/after_commit"
require_relative "recording_orbit"

ActiveRecord::Base.establish_connection(adapter: "sqlite3", database: ":memory:")
ActiveRecord::Schema.verbose = false
ActiveRecord::Schema.define { create_table(:messages) { |table| table.string(:text) } }

ORBIT = RecordingOrbit.new
PUSH = Orbited::AfterCommit.new(ORBIT)

# A model that tells what was made.
class Message < ActiveRecord::Base
  after_create { PUSH.push("*, *, /x", text) }
end

def push(text)
  PUSH.push("*, *, /x", text)
end

def say(moment)
  puts "#{moment}: #{ORBIT.events.map { |event| JSON.parse(event[1]) }}"
end

def transaction(**options, &block)
  ActiveRecord::Base.transaction(**options, &block)
end

transaction do
  push("committed")
  say("in the transaction")
end
say("after the commit")

transaction do
  push("rolled back")
  raise ActiveRecord::Rollback
end
say("after a rollback")

transaction do
  push("outer")
  transaction(requires_new: true) do
    push("inner")
    raise ActiveRecord::Rollback
  end
end
say("after an inner rollback")

transaction do
  push("one")
  transaction(requires_new: true) { push("two") }
end
say("after both commits")

transaction do
  Message.create!(text: "model")
  say("in the outer transaction")
end
say("from a callback")

push("at once")
say("without a transaction")
