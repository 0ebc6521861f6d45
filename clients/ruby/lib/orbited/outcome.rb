# frozen_string_literal: true

module Orbited
  # What a reply says of the frame with its id.
  #
  # * id: that of the frame, as text; nil if the refusal is for the whole connection [CTL-51].
  # * value: a Receipt, a Watched, a Listing, a Closed or a Done, or the RefusedError.
  Outcome = Struct.new(:id, :value) do
    def refused?
      value.is_a?(RefusedError)
    end
  end

  # An Auth, a Ping or an Unwatch was carried out [CTL-116].
  Done = Struct.new(:id)

  # A Watch has begun [CTL-139]. `present` is how many Presents follow, nil if no state was asked
  # for or if it goes on; `resumed` is nil unless the frame said where to go on [CTL-141].
  Watched = Struct.new(:id, :epoch, :sequence, :present, :resumed, keyword_init: true)

  # The keys that have a session [CTL-148], and whether there are more of them [CTL-149].
  class Listing
    include Enumerable

    # The ConnectionKeys, in any order.
    attr_reader :keys

    def initialize(keys, more)
      @keys = keys
      @more = more
    end

    def each(&block)
      @keys.each(&block)
    end

    def more?
      @more
    end
  end

  # How many sessions a Close has ended [CTL-150].
  Closed = Struct.new(:sessions)
end
