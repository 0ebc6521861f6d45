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
    var ack: Ack = .written

    @Option(help: ArgumentHelp("How many seconds the event may wait for a browser that is away.", valueName: "seconds"))
    var ttl: Int?

    func validate() throws {
        guard words.count >= 2 else { throw ValidationError("Give at least one recipient and a body.") }
        guard ttl.map({ (0...ControlLimits.length).contains($0) }) ?? true else {
            throw ValidationError("A time to live is a whole number of seconds, 0 or more.")
        }
        _ = try [Recipient](words: words.dropLast())
    }

    func run() async throws {
        let recipients = try [Recipient](words: words.dropLast())
        let body = try body()
        let receipt = try await control.run { client in
            // A server of Orbit 1.0 has no word for what it does anyway.
            try await client.event(to: recipients, body: body, ack: ack == .written ? nil : ack, ttl: ttl)
        }
        guard !receipt.ok else { return Output.line("Success: \(receipt.reached) reached") }
        Output.line("Failure: \(receipt.message)")
        for one in receipt.unreached { Output.line("unreached: \(one)") }
        throw ExitCode(2)
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

extension Ack: ExpressibleByArgument {}
