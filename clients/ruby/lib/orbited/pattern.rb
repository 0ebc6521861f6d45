# frozen_string_literal: true

require_relative "key"

module Orbited
  # Stands for all keys that match it and have a session [CTL-111], [CTL-112]: `*` as user, session
  # or location stands for any value of that field, and for no part of one.
  class Pattern < ConnectionKey
    ANY = "*"

    # Whether a text or three parts name any `*` field.
    def self.any?(parts)
      parts.include?(ANY)
    end

    # Whether the pattern stands for this key.
    def match?(key)
      to_a.zip(key.to_a).all? { |mine, theirs| [ANY, theirs].include?(mine) }
    end
    alias === match?

    private

    def location_allowed?
      @location == ANY || super
    end
  end
end
