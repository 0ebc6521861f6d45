import ArgumentParser
import Foundation
import NIOCore
import OrbitedClient
import OrbitedJSON
import OrbitedWire

/// `orbited event`
struct EventCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "event",
        abstract: "Send one event and print its receipt.",
        usage: "orbited event 'USER, SESSION, /LOCATION' ... BODY [--ack browser] [--ttl SECONDS] [--raw]",
        discussion: """
            A recipient may be a pattern: '*, *, /chat' is every key of /chat that has a browser. The body is sent as \
            JSON: text that is JSON as it is, any other text as a JSON string. With --raw its bytes are sent untouched. \
            A body of - is read from standard input.

            Exits 0 when every recipient was reached, 2 when some were not (they are named), 64 when it was called \
            wrongly. Exits 1 on any other failure: there was no connection and nothing was sent; the server refused the \
            event; or the connection broke or the time was over before the receipt, so that the fate is unknown.
            """)

    @Argument(help: ArgumentHelp("One or more recipients, then the body.", valueName: "key ... body"))
    var words: [String]

    @OptionGroup
    var control: ControlOptions

    @Flag(help: "Send the body's bytes untouched.")
    var raw = false

    @Option(help: "When a recipient counts as reached: written (to its socket), or browser (its page says so).")
    var ack: EventFrame.Ack = .written

    @Option(help: ArgumentHelp("How many seconds the event may wait for a browser that is away.", valueName: "seconds"))
    var ttl: Int?

    func validate() throws {
        guard words.count >= 2 else { throw ValidationError("Give at least one recipient and a body.") }
        guard ttl.map({ (0...ControlLimits.length).contains($0) }) ?? true else {
            throw ValidationError("A time to live is a whole number of seconds, 0 or more.")
        }
        _ = try Recipients(words: words.dropLast())
    }

    func run() async throws {
        let recipients = try Recipients(words: words.dropLast())
        let body = try body()
        let terms = EventFrame.Terms(patterns: recipients.patterns, ack: ack, ttl: ttl)
        let reply = try await control.run { try await $0.event(to: recipients.keys, body: body, terms: terms) }
        // A server of Orbit 1.0 takes the frame, ignores what it does not know, and does not count.
        if reply.code == nil, reply.reached == nil {
            Output.error("the server speaks Orbit 1.0: patterns, --ack and --ttl have no meaning there")
        }
        guard !reply.isSuccess else {
            return Output.line(reply.reached.map { "Success: \($0) reached" } ?? "Success")
        }
        Output.line("Failure: \(reply.message)")
        for fate in reply.fates { Output.line("unreached: \(fate.key) (\(fate.code) \(fate.name))") }
        if reply.fates.isEmpty { for key in reply.unreached { Output.line("unreached: \(key)") } }
        throw ExitCode(reply.unreached.isEmpty ? 1 : 2)
    }

    private func body() throws -> ByteBuffer {
        let word = words[words.count - 1]
        let bytes = word == "-" ? [UInt8](FileHandle.standardInput.readDataToEndOfFile()) : [UInt8](word.utf8)
        if raw || JSONText.isJSON(bytes) { return ByteBuffer(bytes: bytes) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ValidationError("The body is not UTF-8 text; send its bytes with --raw.")
        }
        return ByteBuffer(string: JSON.string(text).compact)
    }
}

extension EventFrame.Ack: ExpressibleByArgument {}
