# frozen_string_literal: true

module Orbited
  VERSION = "0.4.0"
end
