import Foundation

/// A process of which the last lines are kept that it has printed.
final class LoggedProcess: Sendable {
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

    private let process: ChildProcess
    /// It ends when the process, and those that it has started, can print nothing more.
    let printed = Inbox(Tail())

    /// Starts a command with these variables besides the suite's own.
    ///
    /// - Throws: ``UnreachableError`` if it can't be started.
    init(_ command: [String], environment: [String: String]) throws {
        let pipe = Pipe()
        do {
            process = try ChildProcess(command, environment: environment, input: nil, output: pipe, errors: pipe)
        } catch let difference as Difference {
            throw UnreachableError(difference.reason)
        }
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

    func signal(_ number: Int32) { process.signal(number) }

    /// The status with which it has ended, or 128 and the number of a signal, as shells tell it; nil if it has not in
    /// time.
    func exitStatus(within time: Duration) async -> Int? {
        switch await process.end(within: time) {
        case .exited(let status): Int(status)
        case .signalled(let number): 128 + Int(number)
        case nil: nil
        }
    }

    /// SIGTERM, and after 5 seconds SIGKILL.
    func end() async { _ = await process.end(patience: .seconds(5)) }
}
