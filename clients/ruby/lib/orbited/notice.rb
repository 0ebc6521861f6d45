# frozen_string_literal: true

module Orbited
  # What a watch tells: a Present, a Signon, a Signoff, or a Gap. Each has the `watch` that it
  # belongs to, by the id of its frame, and the place of the news in the server's sequence: `epoch`
  # and `sequence` [CTL-136].
  module Notice; end

  # The key has a session now: told at the beginning, if the state was asked for [CTL-140].
  Present = Struct.new(:watch, :epoch, :sequence, :key, keyword_init: true) { include Notice }

  # The first browser of the key has connected.
  Signon = Struct.new(:watch, :epoch, :sequence, :key, keyword_init: true) { include Notice }

  # The session of the key has ended.
  #
  # * reason: "expired", "closed" or "shutdown" [CTL-143].
  # * missed: ids of events that waited for the session when it ended.
  # * unconfirmed: ids of those that were handed over and not acknowledged [CTL-144].
  Signoff = Struct.new(
    :watch, :epoch, :sequence, :key, :reason, :missed, :unconfirmed, keyword_init: true
  ) { include Notice }

  # After a lost connection notices have been missed, or may have: what was known of who is there
  # is old [CTL-153]. If the watch asked for the state, the Presents that follow tell it anew.
  Gap = Struct.new(:watch, :epoch, :sequence, keyword_init: true) { include Notice }
end
