import Foundation
import Synchronization

/// A process that the suite has started, and ends.
final class ChildProcess: Sendable {
    /// The last lines of what a process printed; earlier ones are dropped.
    struct Tail: Sendable {
        static let mostBytes = 8_192
        private var bytes: [UInt8] = []

        /// At most 20 of them.
        var lines: String {
            String(decoding: bytes, as: UTF8.self).split(separator: "\n").suffix(20).joined(separator: "\n")
        }

        mutating func append(_ more: [UInt8]) {
            bytes += more
            if bytes.count > Self.mostBytes { bytes.removeFirst(bytes.count - Self.mostBytes) }
        }
    }

    let pid: Int32
    private let ended = Inbox<Int?>(nil)
    /// It ends when the process, and those that it has started, can print nothing more.
    let printed = Inbox(Tail())

    /// Starts a command with these variables besides the suite's own.
    ///
    /// - Throws: ``UnreachableError`` if it can't be started.
    init(_ command: [String], environment: [String: String]) throws {
        guard let program = command.first else { throw UnreachableError("there is no command to start") }
        let process = Process()
        let isPath = program.contains("/")
        process.executableURL = URL(fileURLWithPath: isPath ? program : "/usr/bin/env")
        process.arguments = isPath ? Array(command.dropFirst()) : command
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        let ended = self.ended
        process.terminationHandler = { process in
            Children.forget(process.processIdentifier)
            // As shells tell it: a signal counts from 128.
            let base: Int32 = process.terminationReason == .exit ? 0 : 128
            ended.update { $0 = Int(base + process.terminationStatus) }
        }
        do {
            try Children.start(process)
        } catch {
            throw UnreachableError("\(command.joined(separator: " ")) can't be started: \(error.localizedDescription)")
        }
        pid = process.processIdentifier
        let printed = self.printed
        PipeReader.read(pipe, take: { bytes in printed.update { $0.append(bytes) } }, end: { printed.end() })
    }

    /// The last lines that a process has printed which has ended.
    func lastLines() async -> String {
        _ = try? await printed.wait(until: .now + .seconds(5)) { _, isEnded in isEnded ? true : nil }
        return printed.content.lines
    }

    /// The last lines that it has printed so far.
    var linesSoFar: String { printed.content.lines }

    func signal(_ number: Int32) { Children.signal(pid, number) }

    /// The status with which it has ended, or 128 and the number of a signal; nil if it has not in time.
    func exitStatus(within time: Duration) async -> Int? {
        try? await ended.wait(until: .now + time) { status, _ in status }
    }

    /// SIGTERM, and after 5 seconds SIGKILL.
    func end() async {
        signal(SIGTERM)
        if await exitStatus(within: .seconds(5)) != nil { return }
        signal(SIGKILL)
        _ = await exitStatus(within: .seconds(60))
    }
}

/// The processes that are to be ended if the suite is.
enum Children {
    private struct State {
        var pids: Set<Int32> = []
        /// Whether no process may be started any more.
        var isOver = false
    }

    private struct Over: LocalizedError {
        var errorDescription: String? { "the suite is being ended" }
    }

    private static let state = Mutex(State())

    /// Starts a process, and knows it before it can end.
    fileprivate static func start(_ process: Process) throws {
        try state.withLock { state in
            guard !state.isOver else { throw Over() }
            // Threads of tasks block signals, and a child would take that over: it could not be asked to end.
            var none = sigset_t()
            var before = sigset_t()
            sigemptyset(&none)
            pthread_sigmask(SIG_SETMASK, &none, &before)
            defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
            try process.run()
            state.pids.insert(process.processIdentifier)
        }
    }

    fileprivate static func forget(_ pid: Int32) {
        _ = state.withLock { $0.pids.remove(pid) }
    }

    /// Signals a process that has not ended: its number may be another's later.
    fileprivate static func signal(_ pid: Int32, _ number: Int32) {
        state.withLock { state in
            if state.pids.contains(pid) { kill(pid, number) }
        }
    }

    /// Ends all of them: SIGTERM, and after 5 seconds SIGKILL. It blocks its thread.
    static func endAll() {
        signalAll(SIGTERM)
        let deadline = ContinuousClock.now + .seconds(5)
        while !state.withLock({ $0.pids.isEmpty }), .now < deadline { usleep(10_000) }
        signalAll(SIGKILL)
    }

    private static func signalAll(_ number: Int32) {
        state.withLock { state in
            state.isOver = true
            for pid in state.pids { kill(pid, number) }
        }
    }
}
