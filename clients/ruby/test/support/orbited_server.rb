# frozen_string_literal: true

require "io/wait"
require "tmpdir"

# Runs the real server for a test, on ports that the system chooses.
class OrbitedServer
  # Seconds for the server to start or to end.
  PATIENCE = 60.0
  HTTP = %r{orbited: http listening on http://127\.0\.0\.1:(\d+)}
  CONTROL = /orbited: control listening on 127\.0\.0\.1:(\d+)/

  attr_reader :http_port, :control_port

  def self.binary
    ENV.fetch("ORBITED_BINARY", nil)
  end

  # Skip the test if there is no server.
  def self.need(test)
    test.skip("ORBITED_BINARY does not name the server") unless binary
  end

  # Run a server for a block.
  #
  # @param settings [Hash] settings of [global]
  # @param sections [String] further sections
  def self.run(settings = {}, sections = "")
    Dir.mktmpdir do |folder|
      server = new(folder, settings, sections)
      begin
        yield server
      ensure
        server.stop
      end
    end
  end

  def initialize(folder, settings, sections)
    lines = { "http.port" => 0, "op.port" => 0 }.merge(settings).map { |name, value| "#{name} = #{value}\n" }
    File.write("#{folder}/orbited.cfg", "[global]\n#{lines.join}\n#{sections}")
    environment = ENV.keys.grep(/\AORBITED_/).to_h { |name| [name, nil] }
    @output, writer = IO.pipe
    @pid = spawn(
      environment, OrbitedServer.binary, "serve", "--config", "#{folder}/orbited.cfg",
      out: writer, err: "#{folder}/orbited.log"
    )
    writer.close
    @log = "#{folder}/orbited.log"
    read_ports
  end

  # End the server as a fault would.
  def kill
    finish(:KILL)
  end

  # End the server as an operator would.
  def stop
    finish(:TERM)
  end

  private

  def finish(signal)
    return unless @pid

    Process.kill(signal, @pid)
    Process.wait(@pid)
    @pid = nil
    @output.close
  end

  def read_ports
    text = +""
    until text.match?(HTTP) && text.match?(CONTROL)
      part = @output.wait_readable(PATIENCE) && @output.read_nonblock(4096, exception: false)
      raise "the server did not say where it listens: #{text} #{File.read(@log)}" unless part.is_a?(String)

      text << part
    end
    @http_port = text[HTTP, 1].to_i
    @control_port = text[CONTROL, 1].to_i
  end
end
