# frozen_string_literal: true

require "json"
require "io/wait"
require "socket"
require "uri"

# What a browser's connection looks like from below: an `sse` stream, read as it arrives.
class Browser
  PATIENCE = 30.0

  # Open a stream, and give it once it is open.
  def self.open(port, user, session, location, transport: "sse")
    browser = new(port, user, session, location, transport)
    return browser unless block_given?

    begin
      yield browser
    ensure
      browser.close
    end
  end

  def initialize(port, user, session, location, transport)
    @buffer = +""
    @socket = TCPSocket.new("127.0.0.1", port)
    key = [user, session, transport].map { |part| URI.encode_www_form_component(part) }.join(",")
    @socket.write("GET #{location}%7C#{key} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
    status = line
    raise "the browser got #{status}" unless status.include?(" 200 ")

    nil until line.empty?
  end

  # Read on to the next event, and give its data.
  def next_event
    data = []
    loop do
      one = line
      data << one.delete_prefix("data: ") if one.start_with?("data: ")
      @cursor = one.delete_prefix("id: ") if one.start_with?("id: ")
      return data.join("\n") if one.empty? && data.any?
    end
  end

  # The cursor of the last event.
  attr_reader :cursor

  # Wait until the server has closed the stream.
  def wait_for_end
    loop { line }
  rescue EOFError
    nil
  end

  def close
    @socket.close
  end

  private

  def line
    until (ending = @buffer.index("\n"))
      @socket.wait_readable(PATIENCE) or raise "nothing came"
      @buffer << @socket.readpartial(65_536).force_encoding("UTF-8")
    end
    @buffer.slice!(0..ending).chomp
  end
end
