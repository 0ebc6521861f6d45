# frozen_string_literal: true

$LOAD_PATH.unshift(File.expand_path("../lib", __dir__))
Thread.report_on_exception = true

require "minitest/autorun"
require "orbited"
Dir[File.join(__dir__, "support", "*.rb")].each { |file| require file }
