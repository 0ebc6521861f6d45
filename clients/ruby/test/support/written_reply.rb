# frozen_string_literal: true

# Writes replies as the vectors do.
module WrittenReply
  NUMBERS = %w[reached closed keys present sequence].freeze

  module_function

  def of(reply)
    return { "violation" => true } if reply.is_a?(Orbited::ProtocolError)
    return unless reply.known?
    return { "success" => success(reply) } if reply.success?
    return { "failure" => failure(reply) } if reply.failure?

    { reply.word.downcase => notice(reply) }
  end

  def success(reply)
    names = NUMBERS + %w[epoch more resumed]
    fields = names.to_h { |name| [name, reply[name]] }.compact
    fields["body"] = reply.body if reply.body
    { "id" => reply.id }.merge(fields)
  end

  def failure(reply)
    written = { "id" => reply.id, "message" => reply.message }
    written["code"] = reply.code if reply.code
    written["reached"] = reply["reached"] if reply["reached"]
    written["recipients"] = reply.recipients.map(&:to_s) if reply.recipients.any?
    written["unreached"] = reply.unreached.map { |one| unreached(one) } if reply.unreached.any?
    written
  end

  def unreached(one)
    { "code" => one.code, "name" => one.name, "key" => one.key.to_s }
  end

  def notice(reply)
    written = %w[watch epoch sequence].to_h { |name| [name, reply[name]] }
    written["key"] = reply["key"].to_s
    return written unless reply.word == "Signoff"

    written.merge("reason" => reply["reason"], "missed" => reply.all("missed"), "unconfirmed" => reply.all("unconfirmed"))
  end
end
