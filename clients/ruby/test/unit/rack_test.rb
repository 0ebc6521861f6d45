# frozen_string_literal: true

require_relative "../test_helper"
require "orbited/rack"

# Orbited::Rack under the real rack and its checks.
class RackTest < Minitest::Test
  def setup
    require "rack"
    require "rack/lint"
    require "rack/mock"
  rescue LoadError
    skip "rack is not installed"
  end

  def test_the_middleware_keeps_to_the_specification_of_rack
    orbit = RecordingOrbit.new
    push = Orbited::AfterCommit.new(orbit)
    inner = ::Rack::Lint.new(lambda { |_|
      push.push("a, 0, /x", "told")
      [200, { "Content-Type" => "text/plain", "Content-Length" => "2" }, ["ok"]]
    })
    response = ::Rack::MockRequest.new(::Rack::Lint.new(Orbited::Rack.new(inner, push))).get("/")
    assert_equal [200, "ok"], [response.status, response.body]
    assert_equal([["a, 0, /x", '"told"', {}]], orbit.events)
  end
end
