# frozen_string_literal: true

require_relative "key"
require_relative "pattern"

module Orbited
  # The forms in which recipients may be given: "user, session, /location", an array of its three
  # parts, a ConnectionKey or a Pattern; and any number of these in an Enumerable.
  module Recipients
    module_function

    # Read recipients of Orbit 1.1, in which `*` makes a pattern. One that is named twice counts
    # once [CTL-26].
    #
    # @return [Array<ConnectionKey, Pattern>]
    # @raise [InvalidRecipient] one of them is neither key nor pattern; or it is a ConnectionKey
    #   with a field `*`, which the wire would take for many more browsers than are meant
    def read(recipients)
      several(recipients).map { |recipient| read_one(recipient) }.uniq
    end

    # Read recipients of Orbit 1.0, in which `*` has no meaning [CTL-113].
    #
    # @return [Array<ConnectionKey>]
    # @raise [InvalidRecipient]
    def read_keys(recipients)
      several(recipients).map { |recipient| key(recipient) }.uniq
    end

    def read_one(recipient)
      case recipient
      when Pattern then recipient
      when ConnectionKey then unambiguous(recipient)
      when String then key_or_pattern(recipient.scrub.split(ConnectionKey::SEPARATOR, 3), recipient)
      else key_or_pattern(recipient, recipient)
      end
    end

    def several(recipients)
      return [recipients] if recipients.is_a?(String) || recipients.is_a?(ConnectionKey)
      return [recipients] if three_parts?(recipients)
      return recipients if recipients.is_a?(Enumerable) && !recipients.is_a?(Hash)

      unknown(recipients)
    end

    # Three strings are one recipient, unless the first or the second is written like one itself.
    def three_parts?(given)
      given.is_a?(Array) && given.size == 3 && given.all?(String) &&
        given.first(2).none? { |part| part.scrub.match?(%r{\A.+?, .+?, (?:/|\*\z)}m) }
    end

    def key(recipient)
      case recipient
      when Pattern then ConnectionKey.new(*recipient.to_a)
      when ConnectionKey then recipient
      when String then ConnectionKey.parse(recipient)
      else three_parts?(recipient) ? ConnectionKey.new(*recipient) : unknown(recipient)
      end
    end

    def key_or_pattern(parts, recipient)
      Array(parts).include?(Pattern::ANY) && parts.size == 3 ? Pattern.new(*parts) : key(recipient)
    end

    def unambiguous(key)
      return key unless Pattern.any?(key.to_a)

      reason = "is a key with a field '*', which Orbit 1.1 can't name: a Pattern stands for many keys"
      raise InvalidRecipient.new("#{key.inspect} #{reason}", recipient: key)
    end

    def unknown(recipient)
      forms = "give 'user, session, /location', its three parts, a ConnectionKey or a Pattern"
      raise InvalidRecipient.new("#{recipient.inspect} is no recipient: #{forms}", recipient: recipient)
    end
  end
end
