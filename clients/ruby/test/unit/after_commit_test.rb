# frozen_string_literal: true

require_relative "../test_helper"
require "orbited/rack"

# Orbited::AfterCommit and Orbited::Rack without ActiveRecord.
class AfterCommitTest < Minitest::Test
  def setup
    @orbit = RecordingOrbit.new
    @push = Orbited::AfterCommit.new(@orbit)
  end

  def app(&block)
    Orbited::Rack.new(block, @push)
  end

  def test_outside_of_all_an_event_is_sent_at_once
    @push.push("a, 0, /x", { "n" => 1 }, ttl: 5)
    assert_equal [["a, 0, /x", '{"n":1}', { ttl: 5 }]], @orbit.events
  end

  def test_in_a_request_it_is_sent_when_the_body_has_been_closed
    body = ["hello"]
    status, headers, response = app { (@push.push("a, 0, /x", 1) && nil) || [200, { "x" => "y" }, body] }.call({})
    assert_equal [200, { "x" => "y" }], [status, headers]
    parts = []
    response.each { |part| parts << part }
    assert_equal [["hello"], []], [parts, @orbit.events]
    response.close
    response.close
    assert_equal 1, @orbit.events.size
  end

  def test_the_body_that_is_wrapped_keeps_its_methods_and_is_closed
    body = Struct.new(:closed) do
      def to_path
        "/some/file"
      end

      def close
        self.closed = true
      end
    end.new
    _, _, response = app { @push.push("a, 0, /x", 1) || [200, {}, body] }.call({})
    assert_respond_to response, :to_path
    refute_respond_to response, :to_ary
    assert_equal "/some/file", response.to_path
    assert_raises(NoMethodError) { response.to_ary }
    response.close
    assert body.closed
  end

  def test_a_request_that_pushes_nothing_is_passed_on
    body = ["x"]
    assert_same body, app { [200, {}, body] }.call({}).last
  end

  def test_what_was_pushed_before_an_exception_is_dropped
    assert_raises(RuntimeError) do
      app do
        @push.push("a, 0, /x", 1)
        raise "no"
      end.call({})
    end
    @push.push("a, 0, /x", 2)
    assert_equal ["2"], @orbit.events.map { |event| event[1] }
  end

  def test_what_was_pushed_is_dropped_if_the_body_raises
    body = Object.new.tap { |one| one.define_singleton_method(:each) { raise IOError, "gone" } }
    _, _, response = app { @push.push("a, 0, /x", 1) || [200, {}, body] }.call({})
    assert_raises(IOError) { response.each { flunk } }
    response.close
    assert_equal [], @orbit.events
  end

  def test_a_server_of_rack_3_says_itself_that_the_response_is_out
    finished = []
    env = { "rack.response_finished" => finished }
    app { @push.push("a, 0, /x", 1) || [200, {}, []] }.call(env)
    assert_equal [], @orbit.events
    finished.first.call(env, 200, {}, nil)
    assert_equal 1, @orbit.events.size
    finished.first.call(env, 200, {}, IOError.new("gone"))
    assert_equal 1, @orbit.events.size
  end

  def test_requests_of_other_threads_are_apart
    inside = Queue.new
    go_on = Queue.new
    request = Thread.new do
      app { @push.push("a, 0, /x", 1) || (inside.push(true) && go_on.pop && [200, {}, []]) }.call({}).last.close
    end
    inside.pop
    @push.push("b, 0, /x", 2)
    assert_equal(["b, 0, /x"], @orbit.events.map(&:first))
    go_on.push(true)
    request.join
    assert_equal(["b, 0, /x", "a, 0, /x"], @orbit.events.map(&:first))
  end

  def test_an_invalid_event_is_refused_when_it_is_pushed
    assert_raises(Orbited::InvalidRecipient) { @push.push("a", 1) }
    assert_raises(Orbited::InvalidBody) { @push.push("a, 0, /x", Float::NAN) }
    assert_raises(Orbited::InvalidValue) { @push.push("a, 0, /x", 1, ttl: -1) }
    assert_equal [], @orbit.events
  end

  def test_a_body_is_written_down_when_it_is_pushed
    body = { "n" => +"old" }
    app do
      @push.push("a, 0, /x", body)
      body["n"] << "er"
      [200, {}, []]
    end.call({}).last.close
    assert_equal '{"n":"old"}', @orbit.events.first[1]
  end

  def test_receipts_and_errors_are_told
    told = Queue.new
    receipt = Orbited::Receipt.new(id: "7", reached: 2)
    push = Orbited::AfterCommit.new(RecordingOrbit.new(receipt), on_receipt: ->(*what) { told << what })
    push.push("*, *, /x", 1)
    push.flush
    assert_equal [receipt, ["*, *, /x"]], told.pop(true).then { |one, whom| [one, whom.map(&:to_s)] }

    error = Orbited::ConnectFailed.new("no")
    push = Orbited::AfterCommit.new(RecordingOrbit.new(error), on_error: ->(*what) { told << what })
    push.push("a, 0, /x", 1)
    push.flush
    assert_equal [error, ["a, 0, /x"]], told.pop(true).then { |one, whom| [one, whom.map(&:to_s)] }
  end

  def test_a_report_that_raises_does_not_end_the_others
    told = Queue.new
    push = Orbited::AfterCommit.new(@orbit, on_receipt: lambda { |_, whom|
      told << whom.first.user
      raise "no" if whom.first.user == "a"
    })
    _, printed = capture_subprocess_io do
      push.push("a, 0, /x", 1)
      push.push("b, 0, /x", 1)
      push.flush
    end
    assert_equal %w[a b], [told.pop(true), told.pop(true)]
    assert_includes printed, "RuntimeError: no"
  end
end
