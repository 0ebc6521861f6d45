# frozen_string_literal: true

# The name of 2007: gives SimpleOrbit::Client.
require_relative "orbited/version"
require_relative "orbited/simple"
