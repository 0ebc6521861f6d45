# frozen_string_literal: true

require_relative "connection"
require_relative "courier"
require_relative "waker"

module Orbited
  # Runs a courier: lets any number of threads in, one at a time, keeps time, and has a thread that
  # moves bytes over a socket. After a fork the child begins anew, without the parent's calls.
  class Shell
    # Reads in a row, before others get their turn.
    READS = 32
    # Seconds in which the thread notices that it is to close.
    CLOSING = 5.0
    private_constant :READS, :CLOSING

    # @param connect_timeout [Float] seconds
    # @param tls [OpenSSL::SSL::SSLContext, nil]
    # @yieldreturn [Courier] a new one
    def initialize(host, port, connect_timeout:, tls:, &make_courier)
      @host = host
      @port = port
      @connect_timeout = connect_timeout
      @tls = tls
      @make_courier = make_courier
      begin_anew
    end

    # The time that deadlines are in.
    #
    # @return [Float] seconds
    def now
      Process.clock_gettime(Process::CLOCK_MONOTONIC)
    end

    def connected?
      locked { @courier.state == :open }
    end

    # Take a call. Waits for room in the queue if need be, at most until the call's deadline.
    def submit(call)
      locked do
        until call.ended? || @courier.submit(call, now)
          in_time = wait(@room, call.deadline)
          return call.finish(Timeout.new("no room in the queue in time")) unless in_time
        end
        start
      end
    end

    # Wait for the end of a call. If the thread is interrupted meanwhile, the call goes on.
    def wait_for(call, condition)
      locked do
        until call.ended?
          next if wait(condition, call.deadline)

          @courier.tick(now)
          @courier.cancel(call)
        end
      end
    end

    # Give up a call.
    def cancel(call)
      locked { @courier.cancel(call) }
    end

    # @return [Notice, nil]
    def next_notice(watch_state, condition, timeout)
      deadline = timeout && (now + timeout)
      locked do
        until (notice = watch_state.shift)
          raise watch_state.error.dup if watch_state.error
          return if watch_state.ended? || !wait(condition, deadline)
        end
        notice
      end
    end

    # End a watch.
    #
    # @yieldparam [Call] what tells the server, if there is anything to tell
    def unwatch(watch_state, deadline)
      locked do
        call = @courier.unwatch(watch_state, now, deadline: deadline)
        start if call
        call
      end
    end

    # Wait until no call is under way, at most so long, and end the connection.
    def disconnect(timeout)
      deadline = timeout && (now + timeout)
      locked do
        nil while !@courier.quiet? && wait(@room, deadline)
        @courier.disconnect
        @waker&.wake
        # The thread that waits for the socket is the one to close it.
        old = @connection
        nil while old && @connection.equal?(old) && wait(@room, now + CLOSING)
      end
    end

    private

    def locked(&block)
      begin_anew unless @pid == Process.pid
      @mutex.synchronize do
        block.call
      ensure
        @room.broadcast
      end
    end

    # The parent goes on with its connection and its threads, which the child does not have.
    def begin_anew
      @courier&.disconnect(Disconnected.new("the process was forked"))
      @connection&.abandon
      @waker&.close
      @pid = Process.pid
      @mutex = Mutex.new
      @room = ConditionVariable.new
      @courier = @make_courier.call
      @connection = @waker = @thread = nil
    end

    # @return [Boolean] false if the time was over already
    def wait(condition, deadline)
      left = deadline && (deadline - now)
      return false if left && left <= 0

      condition.wait(@mutex, left)
      true
    end

    def start
      if @thread&.alive?
        @waker.wake
      else
        @waker = Waker.new
        @thread = Thread.new { run }
        @thread.name = "orbited #{@host}:#{@port}"
      end
    end

    def run
      loop do
        case locked { next_step }
        when :connect then connect
        when :wait then wait_for_bytes && locked { move_bytes }
        else return
        end
      end
    rescue Exception => error # rubocop:disable Lint/RescueException
      # A fault of ours must not leave anybody waiting.
      locked { fail_all(error) }
      raise
    end

    def next_step
      @courier.tick(now)
      drop unless @courier.linked?
      return :connect if @courier.connect_now?(now)
      return :wait unless @courier.state == :idle

      @thread = nil
      @waker.close
      nil
    end

    def connect
      connection = Connection.open(
        @host, @port, timeout: @connect_timeout, clock: method(:now), tls: @tls, wake: @waker
      ) { locked { given_up? } }
      locked { take(connection) }
    rescue ConnectFailed => error
      locked { @courier.connect_failed(error, now) }
    end

    def given_up?
      @waker.rest
      @courier.state != :connecting
    end

    def take(connection)
      return connection.close unless @courier.state == :connecting

      @connection = connection
      @courier.connected(now)
    end

    def wait_for_bytes
      readers, writers, left = locked { waited_for }
      IO.select(readers, writers, nil, left)
      true
    end

    def waited_for
      writers = @connection && (@connection.wants_write? || !@courier.outbox.empty?) ? [@connection] : []
      left = @courier.wake_at && [@courier.wake_at - now, 0].max
      [[@waker, @connection].compact, writers, @more ? 0 : left]
    end

    def move_bytes
      @waker.rest
      @more = false
      return unless @connection && @courier.linked?

      flush
      @more = receive
      flush
    rescue ConnectionLost => error
      @courier.lost(error, now)
      drop
    end

    def flush
      until @courier.outbox.empty?
        count = @connection.write(@courier.outbox)
        return if count.zero?

        @courier.sent(count, now)
      end
    end

    # @return [Boolean] whether there may be more
    def receive
      READS.times do
        data = @connection.read or return false
        @courier.receive(data, now)
        return false unless @courier.linked?
      end
      true
    end

    def drop
      @connection&.close
      @connection = nil
      @more = false
    end

    def fail_all(error)
      @courier.disconnect(Error.new("the client failed: #{error.message} (#{error.class})"))
      drop
      @waker.close
      @thread = nil
    end
  end
end
