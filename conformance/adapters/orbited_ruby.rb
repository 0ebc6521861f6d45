#!/usr/bin/env ruby
# frozen_string_literal: true

# The adapter of the Ruby library; README.md says how adapters speak.
#
# The main thread reads calls and begins events, whose ends another thread tells. What blocks has a thread of its own.

$LOAD_PATH.unshift(File.expand_path("../../clients/ruby/lib", __dir__))
require "json"
require "orbited"

# The adapter does not know a verb or a member.
class Unsupported < StandardError; end

# Carries out calls, and tells what became of them. A verb is a method of its name.
class Adapter
  FEATURES = %w[orbit-1.0 orbit-1.1 auth watch retry queue reconnect heartbeat].freeze
  MEMBERS = {
    hello: [], client: %i[host port secret timeout heartbeat queue whenFull ca], event: %i[to body ack ttl retry],
    list: %i[of limit], close: %i[of reason], ping: [], auth: %i[secret], watch: %i[of state since], unwatch: %i[watch],
    quit: []
  }.freeze
  LAST_SECONDS = 5 # for the calls that are under way at the end
  # Hands an event that has ended on to a queue, with the number of its call.
  Numbered = Struct.new(:number, :queue) do
    def push(submission)
      queue.push([number, submission])
    end
  end

  def initialize
    @output = Mutex.new
    @threads = ThreadGroup.new
    @watches = {}
    @ended = Queue.new
  end

  # Carry out what standard input says.
  def run
    $stdin.set_encoding(Encoding::UTF_8)
    $stdout.sync = true
    reporter = Thread.new { report }
    $stdin.each_line do |line|
      call = JSON.parse(line, symbolize_names: true)
      verb = call.delete(:do).to_sym
      start(call.delete(:call), verb, call)
      break if verb == :quit
    end
    @orbit&.disconnect(timeout: LAST_SECONDS)
    @ended.close
    [*@threads.list, reporter].each(&:join)
  end

  private

  def start(number, verb, members)
    check(verb, members)
    return event(Numbered.new(number, @ended), **members) if verb == :event

    thread = Thread.new { finish(number) { send(verb, **members) } }
    @threads.add(thread)
    # Its call has begun when it sleeps, and then the next one may.
    Thread.pass until thread.stop?
  rescue StandardError => error
    tell(number, throws: describe(error))
  end

  def check(verb, members)
    known = MEMBERS.fetch(verb) { raise Unsupported, "the adapter knows no verb #{verb}" }
    unknown = members.keys - known
    raise Unsupported, "the adapter knows no #{unknown.join(", ")} of #{verb}" if unknown.any?
  end

  def report
    while (number, submission = @ended.pop)
      finish(number) { receipt(submission.value) }
    end
  end

  def finish(number)
    result = yield
    return follow(number, result) if result.is_a?(Orbited::Watch)

    tell(number, returns: result)
  rescue StandardError => error
    tell(number, throws: describe(error))
  end

  def follow(number, watch)
    @watches[number] = watch
    tell(number, returns: {})
    watch.each { |notice| tell(number, notice: news(notice)) }
  rescue Orbited::Error => error
    tell(number, ended: describe(error))
  end

  def hello
    { name: "orbited for Ruby", version: Orbited::VERSION, features: FEATURES }
  end

  def client(host:, port:, **options)
    options = options.transform_keys(whenFull: :policy, ca: :tls)
    authority = options[:tls]
    options[:tls] = OpenSSL::SSL::SSLContext.new.tap { |context| context.set_params(ca_file: authority) } if authority
    @orbit = Orbited::Client.new(host, port, **options)
    {}
  end

  def event(done, to:, body:, **options)
    @orbit.submit(each_of(to), body, json: false, done: done, **options.transform_keys(retry: :try_again))
  end

  def list(of:, **options)
    listing = @orbit.list(each_of(of), **options)
    { keys: listing.keys, more: listing.more? }
  end

  def close(of:, **options)
    { closed: @orbit.close(each_of(of), **options) }
  end

  def ping
    @orbit.ping && {}
  end

  def auth(secret:)
    @orbit.auth(secret) && {}
  end

  def watch(of:, since: nil, **options)
    of => [recipient]
    @orbit.watch(recipient, since: since && Orbited::Position.new(**since), **options)
  end

  def unwatch(watch:)
    @orbit.unwatch(@watches.fetch(watch)) && {}
  end

  def quit
    {}
  end

  # An array of three strings would be one recipient.
  def each_of(recipients)
    recipients.each
  end

  def receipt(receipt)
    unreached = receipt.unreached.map { |one| { key: one.key, code: one.code, name: one.code && one.name } }
    { id: receipt.id, reached: receipt.reached, unreached: unreached }
  end

  def news(notice)
    word = notice.class.name.split("::").last.downcase
    notice.is_a?(Orbited::Gap) ? { word: word } : { word: word, **notice.to_h.except(:watch) }
  end

  def describe(error)
    orbited = error.is_a?(Orbited::Error)
    {
      name: error.class.name.split("::").last, message: error.message.scrub, code: orbited ? error.code : nil,
      retriable: orbited && error.retriable?, maybeDelivered: orbited && error.maybe_delivered?
    }
  end

  def tell(number, **what)
    @output.synchronize { $stdout.puts(JSON.generate(call: number, **what)) }
  end
end

Adapter.new.run
