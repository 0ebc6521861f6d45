# frozen_string_literal: true

require_relative "../test_helper"

# Orbited::Client with TLS.
class TLSTest < Minitest::Test
  parallelize_me!

  AUTHORITY = Authority.new

  def connect(names, host: "127.0.0.1", &block)
    ScriptedPeer.run(->(peer) { peer.answer_all }, tls: AUTHORITY.server(names)) do |peer|
      Orbited::Client.open(host, peer.port, tls: AUTHORITY.client, timeout: 20, &block)
    end
  end

  # What comes of a server that the client does not accept; the server sees no whole handshake, or
  # an end at once.
  def refusal(names, tls)
    server = TCPServer.new("127.0.0.1", 0)
    accepting = Thread.new do
      OpenSSL::SSL::SSLSocket.new(server.accept, AUTHORITY.server(names)).accept.read
    rescue OpenSSL::SSL::SSLError, SystemCallError
      nil
    end
    orbit = Orbited::Client.new("127.0.0.1", server.addr[1], tls: tls)
    error = assert_raises(Orbited::ConnectFailed) { orbit.connect }
    assert accepting.join(20)
    error.message
  ensure
    server.close
  end

  def test_events_are_sent_to_a_server_that_is_who_it_says
    connect("IP:127.0.0.1") do |orbit|
      assert orbit.event("a, 0, /x", "x" * 500_000).success?
      assert(Array.new(500) { orbit.submit("a, 0, /x", "y" * 2000) }.map(&:value).all?(&:success?))
    end
    connect("DNS:localhost", host: "localhost") { |orbit| assert orbit.ping }
  end

  def test_a_server_of_another_name_is_refused
    assert_match(/no TLS with/, refusal("DNS:elsewhere.example", AUTHORITY.client))
    lax = AUTHORITY.client.tap { |context| context.verify_hostname = false }
    assert_match(/no TLS with/, refusal("DNS:elsewhere.example", lax))
  end

  def test_a_server_of_an_unknown_authority_is_refused
    assert_match(/certificate verify failed/, refusal("IP:127.0.0.1", true))
    assert_match(/certificate verify failed/, refusal("IP:127.0.0.1", Authority.new.client))
  end

  def test_a_server_without_tls_is_refused
    ScriptedPeer.run(->(peer) { peer.send("Failure\r\nmsg: x\r\n\r\n") }) do |peer|
      orbit = Orbited::Client.new("127.0.0.1", peer.port, tls: true)
      assert_match(/no TLS with/, assert_raises(Orbited::ConnectFailed) { orbit.connect }.message)
    end
  end

  def test_a_handshake_that_does_not_end_is_given_up
    ScriptedPeer.run(->(peer) { peer.read_to_end }) do |peer|
      orbit = Orbited::Client.new("127.0.0.1", peer.port, tls: true, connect_timeout: 0.1)
      assert_match(/in time/, assert_raises(Orbited::ConnectFailed) { orbit.connect }.message)
    end
  end
end
