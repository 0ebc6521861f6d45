# frozen_string_literal: true

require_relative "exceptions"
require_relative "text"

module Orbited
  # The address of one browser: `user, session, /location`.
  #
  # Two keys are the same if their three parts are, byte by byte [CTL-24]. User and session are not
  # empty and don't hold ", "; the location begins with "/"; no part holds control characters
  # [CTL-23].
  class ConnectionKey
    include Comparable

    SEPARATOR = ", "

    attr_reader :user, :session, :location

    # Read a key as it is written. It is split at the first two ", ", so that the location may hold
    # more of them [CTL-22].
    #
    # @raise [InvalidRecipient] the text is no key
    def self.parse(text)
      utf8 = Text.utf8(text) or raise InvalidRecipient.new("#{text.inspect} is not UTF-8", recipient: text)
      parts = utf8.split(SEPARATOR, 3)
      return new(*parts) if parts.size == 3

      message = "#{text.inspect} does not have the form 'user, session, /location'"
      raise InvalidRecipient.new(message, recipient: text)
    end

    # @raise [InvalidRecipient] a part breaks the rules above
    def initialize(user, session, location)
      given = [user, session, location]
      @user = checked(:user, user, given)
      @session = checked(:session, session, given)
      @location = checked(:location, location, given)
      check_form(given)
      @text = [@user, @session, @location].join(SEPARATOR).freeze
      freeze
    end

    # The key as it is written, `user, session, /location`.
    def to_s
      @text
    end

    def to_a
      [@user, @session, @location]
    end

    def ==(other)
      other.class == self.class && other.to_s == @text
    end
    alias eql? ==

    def hash
      [self.class, @text].hash
    end

    def <=>(other)
      to_a <=> other.to_a if other.is_a?(ConnectionKey)
    end

    def inspect
      "#<#{self.class} #{@text}>"
    end

    private

    def check_form(given)
      { user: @user, session: @session }.each do |name, part|
        invalid(given, "the #{name} holds #{SEPARATOR.inspect}") if part.include?(SEPARATOR)
      end
      invalid(given, "the location does not begin with '/'") unless location_allowed?
    end

    def location_allowed?
      @location.start_with?("/")
    end

    def checked(name, part, given)
      invalid(given, "the #{name} is a #{part.class}, not a string") unless part.is_a?(String)
      utf8 = Text.utf8(part) or invalid(given, "the #{name} is not UTF-8")
      invalid(given, "the #{name} is empty") if utf8.empty?
      invalid(given, "the #{name} holds a control character") if Text::CONTROL.match?(utf8)
      utf8
    end

    def invalid(given, reason)
      raise InvalidRecipient.new("recipient #{given.inspect}: #{reason}", recipient: given)
    end
  end
end
