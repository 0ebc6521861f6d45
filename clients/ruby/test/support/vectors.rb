# frozen_string_literal: true

require "json"

# The data of the conformance suite and of the specification.
module Vectors
  REPOSITORY = File.expand_path("../../../..", __dir__)

  module_function

  # All vectors of a folder, by their ids.
  def of(folder)
    files = Dir[File.join(REPOSITORY, "conformance", "vectors", folder, "*.json")]
    files.flat_map { |file| JSON.parse(File.read(file, encoding: "UTF-8")) }
         .to_h { |vector| [vector.fetch("id"), vector] }
  end

  def registry
    JSON.parse(File.read(File.join(REPOSITORY, "protocol", "registry.json"), encoding: "UTF-8"))
  end

  # The bytes that a list of pieces stands for.
  def bytes(pieces)
    pieces.map { |piece| piece_bytes(piece) }.join.b
  end

  def piece_bytes(piece)
    return piece["base64"].unpack1("m0") if piece.key?("base64")

    repeat = piece.fetch("repeat") { { "text" => piece.fetch("text"), "count" => 1 } }
    (repeat["text"] * repeat["count"]).b
  end

  # Cut bytes into steps: whole, or of a size; larger and odd for what is long.
  def cut(data, size)
    return [data] if size.nil?

    step = data.bytesize > 1_000_000 && size < 1000 ? 7919 : size
    (0...data.bytesize).step(step).map { |start| data.byteslice(start, step) }
  end
end
