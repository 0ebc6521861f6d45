# frozen_string_literal: true

require "ipaddr"
require_relative "exceptions"

module Orbited
  # Makes one connection, within a time and as long as it is wanted.
  class Opening
    # @param deadline [Float] when to give up, on the clock; infinite: never
    # @param give_up [#call, nil] whether it is not wanted any more, asked when `wake` is readable
    def initialize(host, port, deadline:, clock:, wake:, give_up:)
      @host = host
      @port = port
      @deadline = deadline
      @clock = clock
      @wake = wake
      @give_up = give_up
    end

    # @return [Connection]
    # @raise [ConnectFailed]
    def connection(tls)
      socket = connected_socket
      Connection.new(socket, tls && encrypted(socket, tls))
    rescue Error
      socket&.close
      raise
    end

    private

    def connected_socket
      failure = nil
      addresses.each do |address|
        return connect(address)
      rescue SystemCallError => error
        failure = error
      end
      raise ConnectFailed, "no connection to #{@host}:#{@port}: #{failure&.message}"
    end

    def addresses
      Addrinfo.getaddrinfo(@host, @port, nil, :STREAM)
    rescue SocketError => error
      raise ConnectFailed, "the host #{@host.inspect} is unknown: #{error.message}"
    end

    def connect(address)
      socket = Socket.new(address.afamily, Socket::SOCK_STREAM)
      wait(socket, :wait_writable) while socket.connect_nonblock(address, exception: false) == :wait_writable
      tune(socket)
      socket
    rescue SystemCallError, Error
      socket&.close
      raise
    end

    # Small frames leave at once; and a client without a heartbeat that only watches notices that
    # the server's machine has gone, after some two minutes.
    def tune(socket)
      socket.setsockopt(Socket::IPPROTO_TCP, Socket::TCP_NODELAY, 1)
      socket.setsockopt(Socket::SOL_SOCKET, Socket::SO_KEEPALIVE, 1)
      { TCP_KEEPIDLE: 60, TCP_KEEPINTVL: 10, TCP_KEEPCNT: 6 }.each do |option, value|
        socket.setsockopt(Socket::IPPROTO_TCP, Socket.const_get(option), value) if Socket.const_defined?(option)
      end
    end

    def encrypted(socket, tls)
      stream = OpenSSL::SSL::SSLSocket.new(socket, tls)
      stream.sync_close = true
      stream.hostname = @host unless ip_address?
      wanted = stream.connect_nonblock(exception: false)
      while wanted.is_a?(Symbol)
        wait(socket, wanted)
        wanted = stream.connect_nonblock(exception: false)
      end
      # A context checks names, too, even if it was not told so.
      stream.post_connection_check(@host)
      stream
    rescue SystemCallError, IOError, OpenSSL::SSL::SSLError => error
      raise ConnectFailed, "no TLS with #{@host}:#{@port}: #{error.message}"
    end

    def ip_address?
      IPAddr.new(@host) && true
    rescue IPAddr::Error
      false
    end

    def wait(socket, wanted)
      loop do
        left = @deadline - @clock.call
        raise ConnectFailed, "no connection to #{@host}:#{@port} in time" if left <= 0

        return if selected?(socket, wanted, left)
        raise ConnectFailed, "the client was disconnected" if @give_up&.call
      end
    end

    def selected?(socket, wanted, left)
      writers = wanted == :wait_writable ? [socket] : []
      readers = wanted == :wait_readable ? [socket] : []
      readable, writable = IO.select(readers + [@wake].compact, writers, nil, left.infinite? ? nil : left)
      (readable.to_a + writable.to_a).include?(socket)
    end
  end
end
