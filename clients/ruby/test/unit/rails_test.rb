# frozen_string_literal: true

require "English"
require_relative "../test_helper"

# Orbited::Rails with the real Rails, in a process of its own.
class RailsTest < Minitest::Test
  PROGRAM = File.expand_path("../support/rails_program.rb", __dir__)

  def test_a_rails_application_pushes_after_its_response
    available = system(RbConfig.ruby, "-e", "require 'rails'; require 'action_controller'", err: File::NULL)
    skip "railties and actionpack are not installed" unless available

    ScriptedPeer.run(->(peer) { peer.answer_all }) do |peer|
      output = IO.popen([RbConfig.ruby, PROGRAM, peer.port.to_s, { err: %i[child out] }], &:read)
      assert_equal 0, $CHILD_STATUS.exitstatus, output
      assert_equal "fine 0\nfailed 1\nreceipts 1\n", output
    end
  end
end
