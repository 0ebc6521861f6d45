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
        usage: "orbited event 'USER, SESSION, /LOCATION' ... BODY [--host HOST] [--port PORT] [--raw]",
        discussion: """
            The body is sent as JSON: text that is JSON as it is, any other text as a JSON string. With --raw its bytes \
            are sent untouched. A body of - is read from standard input.

            Exits 0 when every recipient was reached, 2 when some were not (they are named), 64 when it was called \
            wrongly. Exits 1 on any other failure: there was no connection and nothing was sent; the server refused the \
            event; or the connection broke or the time was over before the receipt, so that the fate is unknown.
            """)

    @Argument(help: ArgumentHelp("One or more recipients, then the body.", valueName: "key ... body"))
    var words: [String]

    @Option(help: "The server's control port.")
    var port = 9000

    @Option(help: "The server's address.")
    var host = "127.0.0.1"

    @Option(help: "How many seconds to wait for the connection and for the receipt.")
    var timeout = 10.0

    @Flag(help: "Send the body's bytes untouched.")
    var raw = false

    func validate() throws {
        guard words.count >= 2 else { throw ValidationError("Give at least one recipient and a body.") }
        guard (1...65_535).contains(port) else { throw ValidationError("A port is a number from 1 to 65535.") }
        guard timeout > 0, timeout <= 86_400 else {
            throw ValidationError("A time-out is more than 0 s, and a day at most.")
        }
        _ = try keys()
    }

    func run() async throws {
        let reply: Reply
        do {
            let limit = TimeAmount.nanoseconds(Int64(timeout * 1_000_000_000))
            let client = try await OrbitedClient.connect(host: host, port: port, timeout: limit)
            reply = try await client.event(to: keys(), body: body())
            await client.close()
        } catch let error as OrbitedClientError {
            Output.error("\(error)")
            throw ExitCode(1)
        }
        guard !reply.isSuccess else { return Output.line("Success") }
        Output.line("Failure: \(reply.message)")
        for key in reply.unreached { Output.line("unreached: \(key)") }
        throw ExitCode(reply.unreached.isEmpty ? 1 : 2)
    }

    private func keys() throws -> [ConnectionKey] {
        try words.dropLast().map { word in
            do {
                return try ConnectionKey(word)
            } catch {
                throw ValidationError("\(word): \(error).")
            }
        }
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
