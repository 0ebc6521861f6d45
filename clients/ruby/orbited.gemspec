# frozen_string_literal: true

require_relative "lib/orbited/version"

Gem::Specification.new do |spec|
  spec.name = "orbited"
  spec.version = Orbited::VERSION
  spec.authors = ["The Orbited authors"]
  spec.summary = "Push events to browsers from Ruby: the client of Orbited, the Comet server."
  spec.description = <<~TEXT
    A web application pushes an event to named browsers with one call, and learns the fate of the
    event for each of them. Standard library only; with helpers for Rack and Rails.
  TEXT
  spec.license = "MIT"
  spec.required_ruby_version = ">= 3.1"
  spec.files = Dir.chdir(__dir__) { Dir["lib/**/*.rb", "sig/**/*.rbs", "README.md", "LICENSE"] }
  spec.require_paths = ["lib"]
end
