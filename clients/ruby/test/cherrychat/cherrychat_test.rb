# frozen_string_literal: true

require "English"
require "io/wait"
require "net/http"
require_relative "../test_helper"

# The example behind the real server, used as its page does.
class CherryChatTest < Minitest::Test
  EXAMPLE = File.expand_path("../../examples/cherrychat", __dir__)
  PATIENCE = 30

  def setup
    OrbitedServer.need(self)
    available = system(RbConfig.ruby, "-e", "require 'rack'; require 'webrick'", err: File::NULL)
    skip "rack and webrick are not installed" unless available
  end

  # The example's own configuration, on other ports.
  def with_chat
    reserve_port do |port|
      config = File.read(File.join(EXAMPLE, "orbited.cfg"))
      settings = { "proxy.enabled" => 1, "session.timeout" => 2 }
      settings.each { |name, value| assert_includes config, "#{name} = #{value}\n" }
      OrbitedServer.run(settings, "[proxy]\n/ -> http://127.0.0.1:#{port}\n") do |server|
        run_example(port, server.control_port) { yield server.http_port }
      end
    end
  end

  # Keep a port from being given to others, while a server that is told of it may listen.
  def reserve_port
    socket = Socket.new(:INET, :STREAM)
    socket.setsockopt(:SOCKET, :REUSEADDR, true)
    socket.bind(Addrinfo.tcp("127.0.0.1", 0))
    yield socket.local_address.ip_port
  ensure
    socket&.close
  end

  def run_example(port, control_port)
    program = File.join(EXAMPLE, "cherrychat.rb")
    output = IO.popen([RbConfig.ruby, program, "--port", port.to_s, "--orbited", "127.0.0.1:#{control_port}"])
    assert output.wait_readable(PATIENCE), "CherryChat did not say where it listens"
    assert_equal "cherrychat: listening on http://127.0.0.1:#{port}/\n", output.gets
    yield
    Process.kill(:INT, output.pid)
    Process.wait(output.pid)
    assert_equal 0, $CHILD_STATUS.exitstatus
    output = nil
  ensure
    Process.kill(:KILL, output.pid) if output
  end

  def post(port, path, fields)
    answer = Net::HTTP.post(URI("http://127.0.0.1:#{port}#{path}"), JSON.generate(fields))
    [answer.code.to_i, JSON.parse(answer.body)]
  end

  def next_message(browser)
    JSON.parse(browser.next_event)
  end

  def test_people_hear_each_other
    with_chat do |port|
      Browser.open(port, "jacob", "1", "/chat") do |jacob|
        assert_equal [200, { "entered" => true }], post(port, "/enter", name: "jacob", session: "1")
        assert_equal({ "type" => "welcome", "people" => ["jacob"] }, next_message(jacob))
        assert_equal "joined", next_message(jacob)["type"]
        Browser.open(port, "Zoë", "2", "/chat") do |zoe|
          assert_equal [200, { "entered" => true }], post(port, "/enter", name: "Zoë", session: "2")
          assert_equal %w[Zoë jacob], next_message(zoe)["people"]
          assert_equal %w[joined Zoë], next_message(zoe).values_at("type", "name")
          assert_equal %w[joined Zoë], next_message(jacob).values_at("type", "name")
          assert_equal [200, {}], post(port, "/say", session: "2", text: "<b>Hello</b>")
          said = { "type" => "said", "name" => "Zoë", "text" => "<b>Hello</b>" }
          assert_equal [said, said], [next_message(zoe), next_message(jacob)]
        end
        # The watch tells of who has gone, though nobody says anything.
        assert_equal({ "type" => "left", "name" => "Zoë", "people" => ["jacob"] }, next_message(jacob))
      end
    end
  end

  def test_what_can_not_be_is_explained
    with_chat do |port|
      assert_equal [200, { "entered" => false }], post(port, "/enter", name: "nobody", session: "9")
      assert_equal 403, post(port, "/say", session: "9", text: "Hello?").first
      assert_equal 400, post(port, "/enter", name: "a, b", session: "9").first
      assert_equal 400, post(port, "/enter", name: "a").first
      assert_equal 409, post(port, "/enter", name: "a" * 41, session: "9").first
      assert_equal [200, {}], post(port, "/leave", session: "9")
    end
  end

  def test_the_pages_are_there
    with_chat do |port|
      page = Net::HTTP.get_response(URI("http://127.0.0.1:#{port}/"))
      assert_equal ["200", "default-src 'self'"], [page.code, page["Content-Security-Policy"]]
      scripts = page.body.scan(%r{/static/[a-z]+\.(?:js|css)})
      assert_equal %w[/static/chat.css /static/longpoll.js /static/chat.js], scripts
      scripts.each { |path| assert_equal "200", Net::HTTP.get_response(URI("http://127.0.0.1:#{port}#{path}")).code }
      assert_includes Net::HTTP.get(URI("http://127.0.0.1:#{port}/iframe")), "/static/iframe.js"
      assert_equal "404", Net::HTTP.get_response(URI("http://127.0.0.1:#{port}/static/%2e%2e/room.py")).code
    end
  end
end
