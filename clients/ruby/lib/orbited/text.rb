# frozen_string_literal: true

module Orbited
  # Text as the wire has it: UTF-8 without control characters.
  module Text
    CONTROL = /[\u0000-\u001f\u007f]/

    # Give a string in UTF-8, frozen, or nil if it has no form in UTF-8.
    def self.utf8(string)
      utf8 = string.encoding == Encoding::BINARY ? string.dup.force_encoding("UTF-8") : string.encode("UTF-8")
      utf8.valid_encoding? ? -utf8 : nil
    rescue EncodingError
      nil
    end
  end
end
