# frozen_string_literal: true

require "openssl"
require "socket"
require_relative "exceptions"

module Orbited
  # One TCP connection, perhaps with TLS, that never blocks once it is open.
  class Connection
    READ_SIZE = 65_536

    # Connect, trying each address of the host in turn.
    #
    # The look-up of the name is the system's, and not bounded by the timeout.
    #
    # @param tls [OpenSSL::SSL::SSLContext, nil]
    # @param clock [#call] gives seconds that don't go back
    # @param wake [IO, nil] readable when the block has to be asked
    # @yieldreturn [Boolean] whether to give up
    # @raise [ConnectFailed] there is no such host, it does not accept, the TLS handshake failed, or
    #   the time is over
    def self.open(host, port, timeout:, clock:, tls: nil, wake: nil, &give_up)
      deadline = clock.call + timeout
      Opening.new(host, port, deadline: deadline, clock: clock, wake: wake, give_up: give_up).connection(tls)
    end

    def initialize(socket, tls_socket = nil)
      @socket = socket
      @stream = tls_socket || socket
      @wants_write = false
    end

    # The socket, to be selected on.
    def to_io
      @socket
    end

    # Whether reading waits for the socket to be writable, as TLS sometimes does.
    def wants_write?
      @wants_write
    end

    # Read what is there.
    #
    # @return [String, nil] nil: nothing is there now
    # @raise [ConnectionLost]
    def read
      @wants_write = false
      data = @stream.read_nonblock(READ_SIZE, exception: false)
      raise ConnectionLost, "the server closed the connection" if data.nil?

      @wants_write = data == :wait_writable
      data.is_a?(String) ? data : nil
    rescue SystemCallError, IOError, OpenSSL::SSL::SSLError => error
      raise ConnectionLost, "the connection was lost: #{error.message}"
    end

    # Write what the system takes.
    #
    # @return [Integer] how many bytes it took
    # @raise [ConnectionLost]
    def write(bytes)
      count = @stream.write_nonblock(bytes, exception: false)
      count.is_a?(Integer) ? count : 0
    rescue SystemCallError, IOError, OpenSSL::SSL::SSLError => error
      raise ConnectionLost, "the connection was lost: #{error.message}"
    end

    # Close it at once.
    def close
      @stream.close
    rescue SystemCallError, IOError, OpenSSL::SSL::SSLError
      # The peer can't be told of the end any more.
      abandon
    end

    # Close it without a word to the peer, for whom another process goes on with it.
    def abandon
      @socket.close
    end
  end
end

require_relative "opening"
