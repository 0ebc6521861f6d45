import ArgumentParser
import Foundation
import NIOCore
import OrbitedClient

/// How a command reaches the server's control port.
struct ControlOptions: ParsableArguments {
    @Option(help: "The server's control port.")
    var port = 9000

    @Option(help: "The server's address.")
    var host = "127.0.0.1"

    @Option(help: "How many seconds to wait for the connection and for each reply.")
    var timeout = 10.0

    @Option(help: ArgumentHelp("A file with the server's secret, as op.secret_file names it there.", valueName: "file"))
    var secretFile: String?

    func validate() throws {
        guard (1...65_535).contains(port) else { throw ValidationError("A port is a number from 1 to 65535.") }
        guard timeout > 0, timeout <= 86_400 else {
            throw ValidationError("A time-out is more than 0 s, and a day at most.")
        }
    }

    /// Does something with a connection. What goes wrong with it is one line, and exit status 1.
    func run<Value>(_ body: (OrbitedClient) async throws -> Value) async throws -> Value {
        var options = ClientOptions(host: host, port: port)
        options.timeout = .seconds(timeout)
        options.connectTimeout = .seconds(timeout)
        options.secret = try secret()
        do {
            let client = OrbitedClient(options)
            // A command does not wait for a server that is not there.
            try await client.connect()
            let value = try await body(client)
            await client.disconnect()
            return value
        } catch let error as OrbitedError {
            Output.error("\(error)")
            throw ExitCode(1)
        }
    }

    private func secret() throws -> ByteBuffer? {
        guard let secretFile else { return nil }
        guard let bytes = FileManager.default.contents(atPath: secretFile) else {
            throw ValidationError("The file \(secretFile) can't be read.")
        }
        let text = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes
        return ByteBuffer(bytes: text.last == UInt8(ascii: "\r") ? text.dropLast() : text)
    }
}

extension [Recipient] {
    /// Reads keys and patterns from the command line.
    init(words: some Sequence<String>) throws {
        self.init()
        for word in words {
            do {
                append(try Recipient(word))
            } catch {
                throw ValidationError("\(error.cause.map { "\(word): \($0)" } ?? error.message).")
            }
        }
    }
}
