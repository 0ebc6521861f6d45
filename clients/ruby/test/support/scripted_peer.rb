# frozen_string_literal: true

require "socket"
require "openssl"

# A TCP server on the loopback that does what a test scripts, a script a connection. The next
# connection is accepted while the script of the one before runs.
class ScriptedPeer
  # Seconds after which a peer gives up, so that a fault fails a test rather than hang it.
  PATIENCE = 30.0

  attr_reader :port

  # Run the peer for a block, and then wait for its scripts, and raise what went wrong in one.
  #
  # @param scripts [Array<#call>] each gets its PeerConnection, which is closed at its end
  # @param greet [Boolean] whether the first frame of each connection is answered before its script
  def self.run(*scripts, tls: nil, greet: false)
    peer = new(scripts, tls, greet)
    result = yield peer
    peer.join
    result
  ensure
    peer&.stop
  end

  def initialize(scripts, tls, greet)
    @server = TCPServer.new("127.0.0.1", 0)
    @port = @server.addr[1]
    @tls = tls
    @greet = greet
    @faults = Queue.new
    @threads = []
    @thread = Thread.new { scripts.each { |script| accept(script) } }
    @thread.report_on_exception = false
  end

  def join
    raise "the peer's scripts were not all used" unless @thread.join(PATIENCE)

    @threads.each { |thread| thread.join(PATIENCE) or raise "a script of the peer did not end" }
    raise @faults.pop unless @faults.empty?
  end

  def stop
    @thread.kill
    @server.close
  end

  private

  def accept(script)
    socket = @server.accept
    @threads << Thread.new { serve(script, socket) }
  end

  def serve(script, socket)
    stream = @tls ? OpenSSL::SSL::SSLSocket.new(socket, @tls).tap { |ssl| ssl.sync_close = true }.accept : socket
    connection = PeerConnection.new(stream, socket)
    connection.greet if @greet
    script.call(connection)
  rescue StandardError, Minitest::Assertion => fault
    @faults << fault
  ensure
    connection ? connection.close : socket.close
  end
end

# A frame as it arrived, read without the code under test.
PeerFrame = Struct.new(:lines, :body) do
  def action
    lines[1]
  end

  def id
    values("id").first
  end

  def values(name)
    lines.drop(2).filter_map { |line| line.split(": ", 2).last if line.start_with?("#{name}: ") }
  end
end

# The peer's end of one connection.
class PeerConnection
  def initialize(stream, socket)
    @stream = stream
    @socket = socket
  end

  # @return [PeerFrame, nil] nil at the end of the stream
  def frame
    lines = []
    while (line = @stream.gets)
      line = line.force_encoding("UTF-8")
      raise "no whole line: #{line.inspect}" unless line.end_with?("\r\n")
      break if line == "\r\n"

      lines << line.chomp
    end
    return if line.nil?

    frame = PeerFrame.new(lines, "")
    frame.body = @stream.read(frame.values("length").first.to_i)
    frame
  end

  def send(data)
    @stream.write(data)
    @stream.flush
  end

  def succeed(frame, *headers)
    headers = ["reached: #{frame.values("recipient").size}"] if headers.empty? && frame.action == "Event"
    send("Success\r\nid: #{frame.id}\r\n#{headers.map { |header| "#{header}\r\n" }.join}\r\n")
  end

  # Answer the first frame of a client of Orbit 1.1.
  #
  # @return [PeerFrame]
  def greet
    greeting = frame
    raise "no greeting: #{greeting.lines}" unless %w[Ping Auth].include?(greeting.action)

    succeed(greeting)
    greeting
  end

  # Say Success to each frame until the client is gone.
  def answer_all
    while (one = frame)
      succeed(one)
    end
  end

  # Wait until the client has closed.
  def read_to_end
    @stream.read
  rescue SystemCallError
    nil
  end

  def finish_sending
    @socket.shutdown(Socket::SHUT_WR)
  end

  # Close so that the client gets a reset rather than an end.
  def reset
    @socket.setsockopt(Socket::SOL_SOCKET, Socket::SO_LINGER, [1, 0].pack("ii"))
    @socket.close
  end

  def close
    @stream.close
  rescue IOError, SystemCallError, OpenSSL::SSL::SSLError
    @socket.close
  end
end
