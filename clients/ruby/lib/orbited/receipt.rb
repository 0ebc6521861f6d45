# frozen_string_literal: true

module Orbited
  # A recipient that an event did not reach, and why.
  #
  # * key: the ConnectionKey.
  # * code: 301 unreachable, 302 expired, 303 overflow, 304 refused, 305 unconfirmed [CTL-120]; an
  #   unknown code counts by its hundreds [CTL-49]. nil if the server speaks Orbit 1.0.
  # * name: the word that belongs to the code; empty if there is none.
  Unreached = Struct.new(:key, :code, :name, keyword_init: true) do
    def initialize(key:, code: nil, name: "")
      super
      freeze
    end

    # Whether the event was handed over, and only the browser's word is missing [CTL-125].
    def unconfirmed?
      code == Unreached::UNCONFIRMED
    end

    def to_s
      [code, name, "(#{key})"].reject { |part| part.to_s.empty? }.join(" ")
    end
  end
  Unreached::UNCONFIRMED = 305

  # What became of an event.
  #
  # * id: the id that the event had on the wire, as text, as a Signoff names it.
  # * reached: how many keys were reached [CTL-118]; those that a pattern stood for count.
  # * unreached: an Unreached for each key that was not, in the order of the event.
  # * message: the server's sentence about them; empty if all were reached.
  Receipt = Struct.new(:id, :reached, :unreached, :message, keyword_init: true) do
    def initialize(id:, reached:, unreached: [], message: "")
      super(id: id, reached: reached, unreached: unreached.freeze, message: message)
      freeze
    end

    # Whether every recipient was reached. In Ruby a receipt itself is always true.
    def success?
      unreached.empty?
    end

    # Whether at least one recipient was not reached.
    def failure?
      !success?
    end

    # The keys that were not reached.
    def unreached_keys
      unreached.map(&:key)
    end

    def to_s
      success? ? "#{reached} reached" : "#{reached} reached, not reached: #{unreached.join("; ")}"
    end
  end
end
