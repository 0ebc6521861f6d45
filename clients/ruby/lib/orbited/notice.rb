# frozen_string_literal: true

module Orbited
  # What a watch tells: a Present, a Signon, a Signoff, or a Gap. Each has the `watch` that it
  # belongs to, by the id of its frame, and the place of the news in the server's sequence: `epoch`
  # and `sequence` [CTL-136].
  module Notice; end

  # A place in the server's sequence of sign-ons and sign-offs, from which a watch can go on
  # [CTL-141]. The server knows the last 10,000 notices, as long as it runs.
  Position = Struct.new(:epoch, :sequence, keyword_init: true) do
    def initialize(epoch:, sequence:)
      super
      freeze
    end
  end

  # The key has a session now: told at the beginning, if the state was asked for [CTL-140].
  Present = Struct.new(:watch, :epoch, :sequence, :key, keyword_init: true) { include Notice }

  # The first browser of the key has connected.
  Signon = Struct.new(:watch, :epoch, :sequence, :key, keyword_init: true) { include Notice }

  # The session of the key has ended.
  #
  # * reason: "expired", "closed", "shutdown" or "overflow" [CTL-143].
  # * missed: ids of events that waited for the session when it ended.
  # * unconfirmed: ids of those that were handed over and not acknowledged [CTL-144].
  Signoff = Struct.new(
    :watch, :epoch, :sequence, :key, :reason, :missed, :unconfirmed, keyword_init: true
  ) { include Notice }

  # Notices have been missed here, or may have: the connection was lost, or the watch was to go on
  # from a place that the server does not know any more. What was known of who is there is old
  # [CTL-153]. If the watch asked for the state, the Presents that follow tell it anew.
  Gap = Struct.new(:watch, :epoch, :sequence, keyword_init: true) { include Notice }
end
