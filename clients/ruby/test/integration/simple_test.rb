# frozen_string_literal: true

require_relative "../test_helper"
require "ruby-orbited"

# SimpleOrbit::Client against the real server.
class SimpleIntegrationTest < Minitest::Test
  parallelize_me!

  def setup
    OrbitedServer.need(self)
  end

  def test_the_event_of_2007_reaches_the_browser
    OrbitedServer.run do |server|
      orbit = SimpleOrbit::Client.new("127.0.0.1", server.control_port)
      Browser.open(server.http_port, "username", "0", "/example") do |browser|
        receipt = orbit.event(["username, 0, /example", "nobody, 0, /example"], "Hello, browser!")
        assert_equal [1, ["nobody, 0, /example"]], [receipt.reached, receipt.unreached_keys.map(&:to_s)]
        assert_equal '"Hello, browser!"', browser.next_event
      end
      orbit.disconnect
    end
  end

  def test_after_a_restart_the_client_goes_on
    OrbitedServer.run do |first|
      orbit = SimpleOrbit::Client.new("127.0.0.1", first.control_port)
      assert orbit.event([], 1).success?
      first.kill
      assert_raises(Orbited::ConnectionError) { orbit.event([], 2) }
      OrbitedServer.run("op.port" => first.control_port) do
        assert orbit.event([], 3).success?
        orbit.disconnect
      end
    end
  end
end
