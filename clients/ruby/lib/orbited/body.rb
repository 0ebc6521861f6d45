# frozen_string_literal: true

require "json"
require_relative "exceptions"

module Orbited
  # What an event carries.
  module Body
    module_function

    # Make the bytes of a body.
    #
    # @param value [Object] with json, what JSON.generate takes; else a String: its bytes as they
    #   are if it is binary, and else its characters in UTF-8
    # @return [String] in binary, frozen
    # @raise [InvalidBody] JSON or UTF-8 has no form for it
    def encode(value, json)
      json ? json_body(value) : raw_body(value)
    end

    def json_body(value)
      utf8(JSON.generate(value))
    rescue JSON::JSONError, EncodingError, SystemStackError => error
      raise InvalidBody, "the body can't be written as JSON: #{error.message}"
    end

    def raw_body(value)
      raise InvalidBody, "with json: false the body is a String, not a #{value.class}" unless value.is_a?(String)

      value.encoding == Encoding::BINARY ? -value : utf8(value)
    end

    def utf8(text)
      encoded = text.encode("UTF-8")
      raise InvalidBody, "the body holds bytes that are no UTF-8" unless encoded.valid_encoding?

      -encoded.b
    rescue EncodingError => error
      raise InvalidBody, "the body can't be written in UTF-8: #{error.message}"
    end
  end
end
