# frozen_string_literal: true

# Makes the frame of a call of the vectors.
module FrameCall
  module_function

  def bytes(call)
    request = request(call)
    request.check(Orbited::DEFAULT_LIMITS, call["id"])
    request.encode(call["id"])
  end

  def request(call)
    given = call.fetch("recipients", []).map { |one| recipient(one, call["version"]) }
    return Orbited::Request10.event(given, body(call)) if call["version"] == "1.0"

    case call["action"]
    when "Event" then Orbited::Request.event(given, body(call), **options(call, :ack, :ttl))
    when "Auth" then Orbited::Request.auth(Vectors.piece_bytes(call["secret"]))
    when "Ping" then Orbited::Request.ping
    when "Watch" then Orbited::Request.watch(given.first, **options(call, :state, :epoch, :sequence))
    when "Unwatch" then Orbited::Request.unwatch(call["watch"])
    when "List" then Orbited::Request.list(given, **options(call, :limit))
    else Orbited::Request.close(given, **options(call, :reason))
    end
  end

  def recipient(one, version)
    parts = one.is_a?(Hash) ? one.values_at("user", "session", "location") : one
    version == "1.0" ? Orbited::Recipients.key(parts) : Orbited::Recipients.read_one(parts)
  end

  def body(call)
    Vectors.piece_bytes(call["body"])
  end

  def options(call, *names)
    names.to_h { |name| [name, call[name.to_s]] }.compact
  end
end
