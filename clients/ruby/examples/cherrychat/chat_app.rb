# frozen_string_literal: true

require "json"
require_relative "room"

# The pages, and what they post, as a Rack application.
class ChatApp
  # The page and its scripts are those of the example in Python.
  FOLDER = File.expand_path("../../../python/examples/cherrychat", __dir__)
  TYPES = { ".css" => "text/css", ".js" => "text/javascript" }.freeze
  PAGES = { "/" => "longpoll", "/iframe" => "iframe" }.freeze
  LONGEST_POST = 16_384

  def initialize(room)
    @room = room
  end

  def call(env)
    case [env["REQUEST_METHOD"], env["PATH_INFO"]]
    in ["GET" | "HEAD", path] if PAGES.key?(path) then page(PAGES[path])
    in ["GET" | "HEAD", path] if path.start_with?("/static/") then static(path.delete_prefix("/static/"))
    in ["POST", "/enter" | "/say" | "/leave" => path] then post(path, env["rack.input"].read(LONGEST_POST))
    else answer(404, "text/plain", "There is nothing here.")
    end
  end

  private

  def page(transport)
    html = File.read(File.join(FOLDER, "page.html"), encoding: "UTF-8").gsub("$transport", transport)
    answer(200, "text/html", html, "Content-Security-Policy" => "default-src 'self'")
  end

  def static(name)
    file = Dir[File.join(FOLDER, "static", "*")].find { |path| File.basename(path) == name }
    return answer(404, "text/plain", "There is no such file.") unless file

    answer(200, TYPES.fetch(File.extname(file), "text/plain"), File.read(file, encoding: "UTF-8"))
  end

  def post(path, body)
    json(200, handle(path, fields(body)))
  rescue NotInRoom => error
    json(403, error: error.message)
  rescue RoomError => error
    json(409, error: error.message)
  rescue Orbited::InvalidRecipient
    json(400, error: "This name can't be used.")
  rescue KeyError, JSON::ParserError
    json(400, error: "Post a JSON object with the fields that this takes.")
  rescue Orbited::Error => error
    json(502, error: "Orbited did not take the message: #{error.message}")
  end

  def handle(path, fields)
    case path
    when "/enter" then { entered: @room.enter(fields.fetch("name"), fields.fetch("session")) }
    when "/say" then @room.say(fields.fetch("session"), fields.fetch("text")) && {}
    else @room.leave(fields.fetch("session"))
    end || {}
  end

  def fields(body)
    posted = JSON.parse(body.to_s.dup.force_encoding("UTF-8"))
    posted.is_a?(Hash) ? posted.select { |_, value| value.is_a?(String) } : {}
  end

  def json(status, value)
    answer(status, "application/json", JSON.generate(value))
  end

  def answer(status, type, body, headers = {})
    [status, { "Content-Type" => "#{type}; charset=utf-8", "Content-Length" => body.bytesize.to_s, **headers }, [body]]
  end
end
