# frozen_string_literal: true

require_relative "../test_helper"
require "orbited/rails"
require "ruby-orbited"

# The signatures in sig/ name the methods that the public classes have, with their parameters.
class SignaturesTest < Minitest::Test
  parallelize_me!

  SIGNATURES = Dir[File.expand_path("../../sig/**/*.rbs", __dir__)].to_h { |file| [file, File.read(file)] }
  CLASSES = [
    Orbited::ConnectionKey, Orbited::Pattern, Orbited::Listing, Orbited::Client, Orbited::Submission, Orbited::Watch,
    Orbited::AfterCommit, Orbited::Rack, Orbited::Error, Orbited::RefusedError, Orbited::LimitExceeded,
    Orbited::InvalidRecipient, Orbited::Backoff, SimpleOrbit::Client
  ].freeze

  # What stands in the signatures of a class.
  def signatures(type)
    namespace, name = type.name.split("::")
    file = SIGNATURES.each_value.find { |text| text.start_with?("module #{namespace}\n") && text.match?(/^  class #{name}\b/) }
    assert file, "#{type} has no signatures"
    file[/^  class #{name}\b.*?^  end$/m]
  end

  CLASSES.each do |type|
    define_method("test_each public method of #{type} has a signature") do
      text = signatures(type)
      own = type.public_instance_methods(false).select { |name| type.instance_method(name).source_location }
      own.each { |name| assert_match(/^    (?:def|attr_reader) #{Regexp.escape(name)}: /, text) }
      type.singleton_methods(false).each { |name| assert_match(/^    def self\.#{Regexp.escape(name)}: /, text) }
    end

    define_method("test_each signature of #{type} is of a method with these keywords") do
      text = signatures(type)
      text.scan(/^    def (\w+[?!]?): (.*?)(?=^    (?:def|attr)|\z)/m) do |name, signature|
        method = type.instance_method(name)
        keywords = method.parameters.filter_map { |kind, keyword| keyword if %i[key keyreq].include?(kind) }
        next if method.parameters.any? { |kind, _| kind == :keyrest }

        assert_equal keywords.sort, signature.scan(/[(,] *\n? *\??(\w+): /).flatten.map(&:to_sym).uniq.sort, name
      end
    end
  end

  def test_each_error_has_a_signature
    text = SIGNATURES.each_value.find { |one| one.include?("class Error < StandardError") }
    errors = Orbited.constants.map { |name| Orbited.const_get(name) }.grep(Class).select { |type| type <= Orbited::Error }
    errors.each { |type| assert_match(/^  class #{type.name.split("::").last} < #{type.superclass.name.split("::").last}$/, text) }
  end
end
