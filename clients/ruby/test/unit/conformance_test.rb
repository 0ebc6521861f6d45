# frozen_string_literal: true

require_relative "../test_helper"

# The shared vectors: what the decoder reads, and what the requests write.
class ConformanceTest < Minitest::Test
  parallelize_me!

  SIZES = [nil, 1, 7].freeze
  ERRORS = {
    "bad_key" => Orbited::InvalidRecipient, "bad_id" => Orbited::InvalidValue,
    "bad_value" => Orbited::InvalidValue, "missing_header" => Orbited::InvalidValue
  }.freeze
  # Request.watch takes one recipient, and Request.unwatch one watch.
  UNSAYABLE = %w[refused11-watch-nothing refused11-watch-two refused11-unwatch-nothing].freeze

  %w[replies replies-1.1].each do |folder|
    Vectors.of(folder).each do |id, vector|
      SIZES.each do |size|
        define_method("test_#{id} is read in steps of #{size || "any size"}") do
          decoder = Orbited::ReplyDecoder.new
          replies = Vectors.cut(Vectors.bytes(vector["input"]), size).flat_map { |part| decoder.feed(part) }
          written = replies.filter_map { |reply| WrittenReply.of(reply) }
          assert_equal expected(vector), once(written), vector["requirements"].join(" ")
        end
      end
    end
  end

  Vectors.of("frames").each do |id, vector|
    define_method("test_#{id} is written") do
      skip "the library has no words for this call" if UNSAYABLE.include?(id)
      if vector["error"]
        assert_raises(ERRORS.fetch(vector["error"])) { FrameCall.bytes(vector["call"]) }
      else
        assert_equal Vectors.bytes(vector["bytes"]), FrameCall.bytes(vector["call"])
      end
    end
  end

  def test_there_are_vectors
    assert_operator Vectors.of("replies").size, :>, 20
    assert_operator Vectors.of("replies-1.1").size, :>, 50
    assert_operator Vectors.of("frames").size, :>, 50
  end

  private

  # What a vector's violation is called is for people, and the older vectors write empty lists.
  def expected(vector)
    vector["expect"].map do |reply|
      next { "violation" => true } if reply.key?("violation")

      normalized(*reply.first)
    end
  end

  def normalized(word, fields)
    fields = fields.reject { |name, value| name == "recipients" && value.empty? }
    fields["body"] = Vectors.piece_bytes(fields["body"]) if fields.key?("body")
    { word => fields }
  end

  # A decoder that has failed says so again at each step.
  def once(written)
    violation = { "violation" => true }
    written.reject { |reply| reply == violation } + (written & [violation])
  end
end
