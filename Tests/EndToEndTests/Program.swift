import Foundation
import NIOCore
import Testing

/// The program `orbited`, as an operator starts it.
final class Program: Sendable {
    struct Ended: Sendable {
        let status: Int32
        let output: String
        let errors: String
    }

    /// Beside the tests, where the build has put it.
    static let url: URL = {
        var folder = Bundle.main.bundleURL
        while folder.path() != "/" {
            let candidate = folder.appending(path: "orbited")
            if FileManager.default.isExecutableFile(atPath: candidate.path()), !candidate.hasDirectoryPath {
                return candidate
            }
            folder.deleteLastPathComponent()
        }
        let arguments = ProcessInfo.processInfo.arguments.map { URL(filePath: $0).deletingLastPathComponent() }
        for folder in arguments {
            let candidate = folder.appending(path: "orbited")
            if FileManager.default.isExecutableFile(atPath: candidate.path()) { return candidate }
        }
        return URL(filePath: "/nonexistent/orbited")
    }()

    private let process: Process
    private let output: Collected
    private let errors: Collected
    private let exits: AsyncStream<Int32>

    /// - Parameter openFiles: how many files the program may have open, if it is to be few.
    init(_ arguments: [String], input: String = "", folder: URL? = nil, openFiles: Int? = nil) throws {
        let (output, errors) = (Pipe(), Pipe())
        let process = Process()
        if let openFiles {
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments = ["-c", "ulimit -n \(openFiles); exec \"$0\" \"$@\"", Self.url.path()] + arguments
        } else {
            process.executableURL = Self.url
            process.arguments = arguments
        }
        process.environment = ["PATH": "/usr/bin:/bin"]
        process.currentDirectoryURL = folder ?? FileManager.default.temporaryDirectory
        process.standardOutput = output
        process.standardError = errors
        let stdin = Pipe()
        process.standardInput = stdin
        let (exits, exit) = AsyncStream<Int32>.makeStream()
        process.terminationHandler = { ended in
            exit.yield(ended.terminationStatus)
            exit.finish()
        }
        try process.run()
        try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try stdin.fileHandleForWriting.close()
        self.process = process
        self.output = Collected(output)
        self.errors = Collected(errors)
        self.exits = exits
    }

    /// Runs the program to its end.
    static func run(_ arguments: [String], input: String = "") async throws -> Ended {
        try await Program(arguments, input: input).ended()
    }

    func send(signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits for the end.
    func ended() async throws -> Ended {
        for await status in exits {
            return Ended(status: status, output: await output.all(), errors: await errors.all())
        }
        throw CancellationError()
    }

    /// The next line on standard output.
    func line() async -> String? { await output.line() }
}

/// What a program writes, line by line.
actor Collected {
    private var lines: AsyncStream<String>.Iterator
    private var taken: [String] = []

    init(_ pipe: Pipe) {
        let (stream, continuation) = AsyncStream<String>.makeStream()
        let handle = pipe.fileHandleForReading
        Thread.detachNewThread {
            var rest = Data()
            while true {
                let data = handle.availableData
                if data.isEmpty { break }
                rest.append(data)
                while let end = rest.firstIndex(of: 0x0A) {
                    continuation.yield(String(decoding: rest[..<end], as: UTF8.self))
                    rest.removeSubrange(...end)
                }
            }
            if !rest.isEmpty { continuation.yield(String(decoding: rest, as: UTF8.self)) }
            continuation.finish()
        }
        lines = stream.makeAsyncIterator()
    }

    func line() async -> String? {
        var iterator = lines
        let next = await iterator.next(isolation: self)
        lines = iterator
        if let next { taken.append(next) }
        return next
    }

    func all() async -> String {
        while await line() != nil {}
        return taken.map { $0 + "\n" }.joined()
    }
}

/// The program as a server, on ports that the system chose.
struct ServingProgram: Sendable {
    let program: Program
    let http: SocketAddress
    let control: SocketAddress

    static func start(
        _ arguments: [String] = [], shutdownTimeout: Int = 5, openFiles: Int? = nil
    ) async throws -> ServingProgram {
        let program = try Program(
            ["serve", "--http-port", "0", "--op-port", "0", "--shutdown-timeout", "\(shutdownTimeout)"] + arguments,
            openFiles: openFiles)
        func address(_ start: String) async throws -> SocketAddress {
            let line = try #require(await program.line())
            #expect(line.hasPrefix(start))
            let port = try #require(Int(line.split(separator: ":").last ?? ""))
            return try SocketAddress(ipAddress: "127.0.0.1", port: port)
        }
        let http = try await address("orbited: http listening on http://127.0.0.1:")
        let control = try await address("orbited: control listening on 127.0.0.1:")
        return ServingProgram(program: program, http: http, control: control)
    }
}
