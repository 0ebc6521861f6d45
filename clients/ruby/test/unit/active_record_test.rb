# frozen_string_literal: true

require "English"
require_relative "../test_helper"
require "orbited/after_commit"

# Orbited::AfterCommit with the real ActiveRecord, in a process of its own, so that the other tests
# run without.
class ActiveRecordTest < Minitest::Test
  PROGRAM = File.expand_path("../support/active_record_program.rb", __dir__)

  def test_events_are_pushed_when_the_transaction_commits
    available = system(RbConfig.ruby, "-e", "require 'active_record'; require 'sqlite3'", err: File::NULL)
    skip "activerecord and sqlite3 are not installed" unless available

    output = IO.popen([RbConfig.ruby, PROGRAM, { err: %i[child out] }], &:read)
    assert_equal 0, $CHILD_STATUS.exitstatus, output
    assert_equal <<~OUTPUT, output
      in the transaction: []
      after the commit: ["committed"]
      after a rollback: ["committed"]
      after an inner rollback: ["committed", "outer"]
      after both commits: ["committed", "outer", "one", "two"]
      in the outer transaction: ["committed", "outer", "one", "two"]
      from a callback: ["committed", "outer", "one", "two", "model"]
      without a transaction: ["committed", "outer", "one", "two", "model", "at once"]
    OUTPUT
  end
end
