# frozen_string_literal: true

# Stands for a client: notes what is submitted, and gives what a test says.
class RecordingOrbit
  Submission = Struct.new(:error, :value) do
    def wait
      self
    end
  end

  attr_reader :events

  def initialize(outcome = Orbited::Receipt.new(id: "1", reached: 1))
    @outcome = outcome
    @events = []
  end

  def submit(recipients, body, json:, **options)
    raise ArgumentError, "the body has been written already" if json

    @events << [recipients.join("; "), body, options]
    error = @outcome if @outcome.is_a?(Exception)
    Submission.new(error, error ? nil : @outcome)
  end
end
