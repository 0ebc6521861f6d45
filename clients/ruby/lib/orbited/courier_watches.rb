# frozen_string_literal: true

require_relative "call"
require_relative "request"
require_relative "watch_state"

module Orbited
  # The part of the courier that keeps watches over all connections.
  module CourierWatches
    UNKNOWN_WATCH = 113
    private_constant :UNKNOWN_WATCH

    # End a watch.
    #
    # @return [Call, nil] the call that tells the server; nil if it need not be told
    def unwatch(watch, now, deadline: nil)
      watch.finish
      return unless watch.id && @watches.delete(watch.id) && @state == :open

      tell_unwatch(watch.id, now, deadline)
    end

    private

    def renew(watch, now)
      return end_watch(watch.id, @link.unsupported(watch.request)) if @link.orbit10?

      @link.put(Call.new(watch.request, watch: watch, internal: true), now, id: watch.id)
    end

    # [CTL-145]: a watch that the server has ended already need not be ended.
    def unknown_watch?(call, value)
      call.request.action == "Unwatch" && value.is_a?(RefusedError) && value.code == UNKNOWN_WATCH
    end

    def watched(call, value, now)
      watch = call.watch
      if value.is_a?(RefusedError)
        # Refused for a while, and soon there is another connection on which to renew it.
        return if call.internal? && @link.closing?

        end_watch(watch.id, value) if call.internal?
      elsif call.ended? || watch.ended?
        tell_unwatch(call.id, now, nil) unless call.internal?
      else
        watch.begun(call.id, value)
        @watches[call.id] = watch
      end
      call.finish(value)
    end

    def end_watch(id, error)
      @watches.delete(id)&.finish(error)
    end

    def notice(notice, now)
      watch = @watches[notice.watch] or return
      return if watch.take(notice)

      @watches.delete(notice.watch)
      tell_unwatch(watch.id, now, nil)
    end

    def tell_unwatch(id, now, deadline)
      call = Call.new(Request.unwatch(id), deadline: deadline)
      note_deadline(deadline)
      @queue.put_back([call])
      pump(now)
      call
    end
  end
end
