# frozen_string_literal: true

require_relative "exceptions"
require_relative "key"
require_relative "receipt"

module Orbited
  # One reply or notice as it stood on the wire.
  class Reply
    PLACE = %w[watch epoch sequence key].freeze
    # What each word may say. All else is ignored unread [CTL-46], but `length`, which belongs to
    # the framing.
    HEADERS = {
      "Success" => %w[id reached closed keys present epoch sequence more resumed],
      "Failure" => %w[id msg code recipient reached unreached],
      "Present" => PLACE,
      "Signon" => PLACE,
      "Signoff" => PLACE + %w[reason missed unconfirmed]
    }.freeze
    # What each notice must say [CTL-143].
    REQUIRED = { "Present" => PLACE, "Signon" => PLACE, "Signoff" => PLACE + %w[reason] }.freeze
    NUMBERS = %w[reached closed keys present sequence].freeze
    FLAGS = { "yes" => true, "no" => false }.freeze
    MAX_NUMBER = 9_007_199_254_740_991
    # [CTL-49]: what follows the number is for people, and a later version may write more of it.
    CODE = /\A([0-9]{1,9})(?![0-9])(?: (\S+))?/
    NUMBER = /\A[0-9]+\z/
    private_constant :PLACE, :HEADERS, :REQUIRED, :NUMBERS, :FLAGS, :MAX_NUMBER, :CODE, :NUMBER

    # Its first line, such as "Success".
    attr_reader :word
    # Its body, in binary; nil if it has no `length`.
    attr_accessor :body
    # Bytes of its body; nil if it has no `length`.
    attr_reader :length
    # The keys of its `recipient` lines [CTL-48], and an Unreached for each `unreached` [CTL-154].
    attr_reader :recipients, :unreached

    def initialize(word)
      @word = word
      @known = HEADERS.fetch(word, [])
      @texts = {}
      @recipients = []
      @unreached = []
    end

    # Take one header line [CTL-47].
    #
    # @raise [ProtocolError] it is no header, or its value is not one that it may have
    def add(line)
      name, colon, value = line.partition(": ")
      raise ProtocolError, "the reply's line #{line.inspect} is no 'name: value'" if colon.empty?

      name = name.downcase(:ascii)
      return take_length(value) if name == "length"

      take(name, value) if @known.include?(name)
    end

    # Say that the head is whole.
    #
    # @raise [ProtocolError] a header is missing
    def check
      REQUIRED.fetch(@word, []).each { |name| required(name) }
    end

    def known?
      HEADERS.key?(@word)
    end

    def success?
      @word == "Success"
    end

    def failure?
      @word == "Failure"
    end

    # The value of a header, nil if it is missing: a number, true or false where it is one, a
    # ConnectionKey for `key`, and else text.
    def [](name)
      @texts[name]&.last
    end

    # All values of a header.
    def all(name)
      @texts.fetch(name, [])
    end

    # The value of a header that must be there.
    #
    # @raise [ProtocolError]
    def required(name)
      value = self[name]
      raise ProtocolError, "the #{@word} has no #{name}" if value.nil?

      value
    end

    def id
      self["id"]
    end

    def message
      self["msg"] || ""
    end

    # The number of the code, nil if the header is missing.
    def code
      self["code"]&.first
    end

    # The name of the code, nil if there is none.
    def name
      self["code"]&.last
    end

    # Read a key without parentheses.
    #
    # @raise [ProtocolError]
    def self.key(text)
      ConnectionKey.parse(text)
    rescue InvalidRecipient => error
      raise ProtocolError, "the reply names #{text.inspect}, which is no key: #{error.message}"
    end

    private

    def take(name, value)
      case name
      when "recipient" then @recipients << key(value)
      when "unreached" then @unreached << read_unreached(value)
      else
        raise ProtocolError, "the reply has two ids" if name == "id" && id

        (@texts[name] ||= []) << typed(name, value)
      end
    end

    def typed(name, value)
      case name
      when *NUMBERS then number(name, value)
      when "key" then key(value)
      when "code" then code_and_name(value)
      when "more", "resumed"
        FLAGS.fetch(value) { raise ProtocolError, "the reply's #{name} #{value.inspect} is not yes or no" }
      else value
      end
    end

    def take_length(value)
      raise ProtocolError, "the reply has two lengths" if @length

      @length = number("length", value)
    end

    def number(name, value)
      number = NUMBER.match?(value) ? value.to_i : MAX_NUMBER + 1
      return number if number <= MAX_NUMBER

      raise ProtocolError, "the reply's #{name} #{value[0, 80].inspect} is no number up to #{MAX_NUMBER}"
    end

    def key(value)
      Reply.key(value.start_with?("(") && value.end_with?(")") ? value[1..-2] : value)
    end

    def code_and_name(value)
      match = CODE.match(value)
      raise ProtocolError, "the reply's code #{value.inspect} does not begin with a number" unless match

      [match[1].to_i, match[2]]
    end

    def read_unreached(value)
      reason, parenthesis, rest = value.partition(" (")
      last = rest.rindex(")")
      unless parenthesis == " (" && last && CODE.match?(reason)
        raise ProtocolError, "the reply's unreached #{value.inspect} is no 'NUMBER NAME (KEY)'"
      end

      code, name = code_and_name(reason)
      Unreached.new(key: Reply.key(rest[0...last]), code: code, name: name || "")
    end
  end
end
