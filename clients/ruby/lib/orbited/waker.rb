# frozen_string_literal: true

module Orbited
  # Ends another thread's wait in IO.select. Both ends are used under the same lock.
  class Waker
    def initialize
      @reader, @writer = IO.pipe
      @woken = false
    end

    # Readable from `wake` until `rest`.
    def to_io
      @reader
    end

    def wake
      return if @woken || @writer.closed?

      @woken = true
      @writer.write("!")
    end

    def rest
      return unless @woken

      @reader.read_nonblock(1, exception: false)
      @woken = false
    end

    def close
      @reader.close
      @writer.close
    end
  end
end
