import Foundation

/// A process that the suite has started, and ends.
final class ChildProcess: Sendable {
    /// How a process ended.
    enum End: Hashable, Sendable {
        case exited(Int32)
        case signalled(Int32)
    }

    private let pid: Int32
    private let ended = Inbox<End?>(nil)

    /// Starts a command.
    ///
    /// - Parameters:
    ///   - command: the program, which is looked for in `PATH` unless it is a path, and its arguments.
    ///   - environment: variables besides the suite's own.
    ///   - input: what it reads; nil if there is nothing to read.
    ///   - output: where it prints.
    ///   - errors: where it prints errors, which may be the same.
    /// - Throws: ``Difference`` if it can't be started.
    init(_ command: [String], environment: [String: String] = [:], input: Pipe?, output: Pipe, errors: Pipe) throws {
        guard let program = command.first else { throw Difference("there is no command to start") }
        let process = Process()
        let isPath = program.contains("/")
        process.executableURL = URL(fileURLWithPath: isPath ? program : "/usr/bin/env")
        process.arguments = isPath ? Array(command.dropFirst()) : command
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        if let input { process.standardInput = input } else { process.standardInput = FileHandle.nullDevice }
        process.standardOutput = output
        process.standardError = errors
        let ended = self.ended
        process.terminationHandler = { process in
            Children.forget(process.processIdentifier)
            let status = process.terminationStatus
            ended.update { $0 = process.terminationReason == .exit ? .exited(status) : .signalled(status) }
        }
        do {
            try Children.start(process)
        } catch {
            throw Difference("\(command.joined(separator: " ")) can't be started: \(error.localizedDescription)")
        }
        pid = process.processIdentifier
    }

    func signal(_ number: Int32) { Children.signal(pid, number) }

    /// How it has ended; nil if it has not in time.
    func end(within time: Duration) async -> End? {
        try? await ended.wait(until: .now + time) { end, _ in end }
    }

    /// Ends it: SIGTERM, and if that is not enough SIGKILL.
    ///
    /// - Parameter patience: how long it has after SIGTERM.
    func end(patience: Duration) async -> End {
        signal(SIGTERM)
        if let end = await end(within: patience) { return end }
        signal(SIGKILL)
        return await end(within: .seconds(60)) ?? .signalled(SIGKILL)
    }
}
