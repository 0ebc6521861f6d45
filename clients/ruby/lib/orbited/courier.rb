# frozen_string_literal: true

require_relative "backoff"
require_relative "call"
require_relative "call_queue"
require_relative "courier_time"
require_relative "courier_watches"
require_relative "link"
require_relative "watch_state"

module Orbited
  # Carries calls to the server, over as many connections as it takes: a state machine without
  # input, output and clock. `now` is in seconds, on a clock that does not go back.
  #
  #   idle ──demand──▶ waiting ──time──▶ connecting ──▶ greeting ──answer──▶ open
  #     ▲                 ▲                  │failed         │lost             │lost
  #     └──disconnect─────┴──────────────────┴───────────────┴─────────────────┘
  #
  # A connection begins with an Auth, or with a Ping, which tells whether the server speaks Orbit
  # 1.1. Nothing else is sent before the answer.
  #
  # Not thread-safe. The shell asks `connect_now?`, moves bytes, and calls `tick` at `wake_at`.
  class Courier
    include CourierTime
    include CourierWatches

    # Each digit of an id is a byte of the head.
    LARGEST_NUMBER = 999_999_999_999_999
    AUTH_REQUIRED = 501
    private_constant :LARGEST_NUMBER, :AUTH_REQUIRED

    # One of :idle, :waiting, :connecting, :greeting, :open.
    attr_reader :state
    # Why there was no connection the last time.
    attr_reader :last_failure

    # @param prefix [String] how the ids of frames begin
    # @param greeting_timeout [Float] seconds in which the server answers the first frame
    # @param heartbeat [Float, nil] seconds of the server's silence, while something is awaited of it,
    #   after which it is asked for a sign of life; nil: never
    def initialize(limits: DEFAULT_LIMITS, queue: CallQueue.new(1000, :wait), secret: nil, prefix: "",
                   backoff: Backoff.new, greeting_timeout: 10.0, heartbeat: 30.0)
      @limits = limits
      @prefix = prefix
      @heartbeat = heartbeat
      @queue = queue
      @secret = secret
      @backoff = backoff
      @greeting_timeout = greeting_timeout
      @state = :idle
      @connects = []
      @watches = {}
      @next_number = 1
      @kept = false
    end

    # Whether there is a connection.
    def linked?
      %i[greeting open].include?(@state)
    end

    # Whether no call is under way.
    def quiet?
      @queue.empty? && @connects.empty? && !@link&.calls?
    end

    def room?
      !@queue.full?
    end

    # Take a call.
    #
    # @return [Boolean] false if the queue is full and the call has to come again
    # @raise [LimitExceeded] it is larger than the wire allows
    def submit(call, now)
      return submit_connect(call, now) if call.request.nil?

      call.request.check(@limits, "#{@prefix}#{LARGEST_NUMBER}")
      want(now)
      note_deadline(call.deadline)
      taken = @queue.offer(call, connected: @state == :open)
      pump(now)
      taken
    end

    # Give up a call for which nobody waits any more.
    def cancel(call)
      @queue.remove(call)
      @connects.delete(call)
      call.finish(Timeout.new("nobody waits for the reply any more",
                              maybe_delivered: in_flight.include?(call) && @link.carried_out?(call)))
    end

    # Whether the shell is to connect. If so it will say what came of it.
    def connect_now?(now)
      return false unless @state == :waiting && now >= @retry_at

      @state = :connecting
      true
    end

    def connected(now)
      return unless @state == :connecting

      @link = Link.new(@limits, first: @next_number, prefix: @prefix, now: now)
      @state = :greeting
      # A server of Orbit 1.0 would take an event of Orbit 1.1 for one of its own [CTL-155].
      request = @secret ? Request.auth(@secret) : Request.ping
      @greeting = Call.new(request, deadline: now + @greeting_timeout, internal: true)
      note_deadline(@greeting.deadline)
      @link.put(@greeting, now)
    end

    def connect_failed(error, now)
      return unless @state == :connecting

      fall_back(error, now)
    end

    # The connection has ended.
    def lost(error, now)
      greeting = @state == :greeting
      link = end_link or return
      final = final_failure(link, error) if greeting
      return turned_away(final) if final

      error = because_of(link.refusal, error) if link.refusal
      error = ConnectFailed.new(error.message) if greeting
      @queue.put_back(link.calls.select { |call| again?(call, link, error) })
      fall_back(error, now)
    end

    # The bytes to send next.
    def outbox
      @link ? @link.outbox : ""
    end

    # Say how many bytes of the outbox the system has taken.
    def sent(count, now)
      @link.sent(count)
      pump(now)
    end

    # Take bytes from the server.
    def receive(data, now)
      greeting = @state == :greeting
      meanings = @link.receive(data, now)
      take(meanings.shift, now) while linked? && meanings.any?
      return unless linked?

      @backoff.reset unless greeting || @link.closing?
      pump(now)
    end

    # End everything at once, at the client's own wish. The courier stays usable.
    def disconnect(error = nil)
      link = end_link
      @state = :idle
      @kept = false
      error ||= Disconnected.new("the client was disconnected before the reply")
      (link&.calls || []).each { |call| call.finish(error.with_delivery(link.carried_out?(call))) }
      (@queue.take_if { true } + @connects.slice!(0..)).each { |call| call.finish(error) }
      @watches.each_value(&:finish)
      @watches.clear
      @opened_at = nil
      @backoff.reset
    end

    private

    def take(meaning, now)
      case meaning
      when ProtocolError then lost(meaning, now)
      when Notice then notice(meaning, now)
      else settle(*meaning, now)
      end
    end

    def submit_connect(call, now)
      return call.finish(true) if @state == :open

      want(now)
      @retry_at = now if @state == :waiting
      note_deadline(call.deadline)
      @connects << call
      true
    end

    def want(now)
      return unless @state == :idle

      @state = :waiting
      @retry_at = now
    end

    def opened(now)
      @state = :open
      @kept = true
      @opened_at = now
      @connects.slice!(0..).each { |call| call.finish(true) }
      @watches.dup.each_value { |watch| renew(watch, now) }
      pump(now)
    end

    def pump(now)
      return unless @state == :open

      while @link.room? && (call = @queue.shift)
        @link.put(call, now) unless call.ended?
      end
    end

    def settle(call, value, now)
      return end_watch(call, value) unless call.is_a?(Call)
      return greeted(value, now) if call.equal?(@greeting)
      return @queue.put_back([call]) if again_after?(value, call)
      return watched(call, value, now) if call.watch

      value = Done.new(call.id) if unknown_watch?(call, value)
      @secret = call.request.body if call.request.action == "Auth" && value.is_a?(Done)
      call.finish(value)
    end

    # A temporary refusal which the server follows by closing: another connection may do.
    def again_after?(value, call)
      value.is_a?(RefusedError) && value.retriable? && call.try_again? && !call.ended? && @link.closing?
    end

    def greeted(value, now)
      welcome?(value) ? opened(now) : lost(value, now)
    end

    # Whether the server lets the connection in. It may be one that speaks Orbit 1.0 only; and if it
    # wants a secret, and there is none, each call is told so.
    def welcome?(value)
      return true if value.is_a?(Done) || value.is_a?(UnsupportedVersion)

      value.code == AUTH_REQUIRED && @secret.nil?
    end

    # Why the server does not take the connection, if another one would not help.
    def final_failure(link, error)
      [link.refusal, error].find do |one|
        one.is_a?(ProtocolError) || (one.is_a?(RefusedError) && !one.retriable?)
      end
    end

    def turned_away(error)
      @watches.each_value { |watch| watch.finish(error) }
      disconnect(error)
    end

    def end_link
      link = @link or return
      @next_number = link.next_number
      @link = nil
      @greeting = nil
      @probe = nil
      link
    end

    def fall_back(error, now)
      @last_failure = error
      @connects.slice!(0..).each { |call| call.finish(error) }
      @backoff.reset if @opened_at && now - @opened_at >= @backoff.cap
      @opened_at = nil
      return @state = :idle unless @kept || !@queue.empty? || @watches.any?

      @state = :waiting
      @retry_at = now + @backoff.next
    end

    # What becomes of a call when its connection is lost: whether it is to be sent again.
    def again?(call, link, error)
      return false if call.ended? || call.internal?

      call.may_have_been_carried_out if link.carried_out?(call)
      return true if !link.sent?(call) || link.unread? || (call.try_again? && error.retriable?)

      # The end of the connection was the end of the watch, too.
      call.finish(call.request.action == "Unwatch" ? Done.new(call.id) : of_loss(error))
      false
    end

    def of_loss(error)
      error.is_a?(ConnectionError) || error.is_a?(ProtocolError) ? error : ConnectionLost.new(error.message)
    end

    def because_of(refusal, error)
      ConnectionLost.new("#{error.message}: #{refusal.message}")
    end
  end
end
