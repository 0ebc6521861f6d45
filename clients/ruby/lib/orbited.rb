# frozen_string_literal: true

# Push events to browsers through Orbited, the Comet server. The client is Orbited::Client.
module Orbited
end

require_relative "orbited/version"
require_relative "orbited/client"
