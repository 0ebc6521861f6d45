# frozen_string_literal: true

require "orbited"

# Somebody can't have what they asked for; the message is for them to read.
class RoomError < StandardError; end

# The session is not in the room, or no longer.
class NotInRoom < RoomError; end

# The people who are connected, by their session.
#
# Browsers get each event as a JSON object whose `type` is `welcome`, `joined` or `left`, all with
# `people`, the sorted names of everybody, and the last two with the `name` of whom it is about; or
# `said`, with `name` and `text`. One thing happens at a time, so that each list of people is newer
# than those sent before it.
class Room
  LOCATION = "/chat"
  LONGEST_NAME = 40
  LONGEST_TEXT = 2000

  # @param orbit [Orbited::Client] sends the room's events
  def initialize(orbit)
    @orbit = orbit
    @lock = Monitor.new
    @people = {}
  end

  # Let somebody in, if the browser can be reached already. Who is in the room may enter again, and
  # gets a welcome again.
  #
  # @return [Boolean] whether the browser was reached
  # @raise [RoomError] the name is taken or too long
  # @raise [Orbited::InvalidRecipient] name or session can't be part of a connection key
  def enter(name, session)
    newcomer = Orbited::ConnectionKey.new(name, session, LOCATION)
    raise RoomError, "A name may have #{LONGEST_NAME} characters." if name.size > LONGEST_NAME

    @lock.synchronize do
      refuse_taken(newcomer)
      welcome(newcomer).tap do |reached|
        reached ? add(newcomer) : leave(session)
      end
    end
  end

  # Tell everybody, the speaker too.
  #
  # @raise [NotInRoom] the speaker is not in the room
  # @raise [RoomError] the text is empty or too long
  def say(session, text)
    @lock.synchronize do
      speaker = @people[session] or raise NotInRoom, "You are not in the room any more."
      raise RoomError, "A message has from 1 to #{LONGEST_TEXT} characters." unless (1..LONGEST_TEXT).cover?(text.size)

      tell(type: "said", name: speaker.user, text: text)
    end
  end

  # Let somebody go, and tell the others. Nothing happens if they are not in the room.
  def leave(session)
    @lock.synchronize do
      leaver = @people.delete(session)
      tell(news("left", leaver)) if leaver
    end
  end

  # Let go whose browser has gone, until the client is disconnected.
  def watch
    @orbit.watch("*, *, #{LOCATION}") do |notice|
      leave(notice.key.session) if notice.is_a?(Orbited::Signoff)
    end
  end

  private

  def welcome(newcomer)
    people = [newcomer.user, *names].uniq.sort
    @orbit.event(newcomer, { type: "welcome", people: people }).success?
  end

  def add(newcomer)
    return if @people.key?(newcomer.session)

    @people[newcomer.session] = newcomer
    tell(news("joined", newcomer))
  end

  # Tell everybody, and then that those who were not reached are no longer there.
  def tell(message)
    messages = [message]
    while (next_message = messages.shift)
      receipt = @orbit.event(@people.values, next_message)
      lost = receipt.unreached_keys.select { |key| @people.delete(key.session) }
      messages.concat(lost.map { |key| news("left", key) })
    end
  end

  def news(type, who)
    { type: type, name: who.user, people: names.sort }
  end

  def names
    @people.each_value.map(&:user)
  end

  def refuse_taken(newcomer)
    taken = @people.each_value.any? do |key|
      (key.user == newcomer.user) != (key.session == newcomer.session)
    end
    raise RoomError, "#{newcomer.user} is in the room already: choose another name." if taken
  end
end
