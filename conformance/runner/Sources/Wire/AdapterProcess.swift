import Foundation
import Synchronization

/// An adapter that runs: lines go in, and lines come out; see `conformance/adapters/README.md`.
package final class AdapterProcess: Sendable {
    /// How an adapter ended.
    package enum End: Hashable, Sendable {
        case exited(Int32)
        case signalled(Int32)
    }

    /// It ends with standard output.
    package let output = Inbox(AdapterOutput())
    package let pid: Int32
    private let ended = Inbox<End?>(nil)
    private let input: FileHandle
    private let writing = DispatchQueue(label: "adapter's input")
    private let isInputOpen = Mutex(true)
    /// They live as long as this.
    private let pipes: [Pipe]

    /// Starts a command.
    ///
    /// - Parameter command: the program, which is looked for in `PATH`, and its arguments.
    /// - Throws: ``Difference`` if it can't be started.
    package init(_ command: [String]) throws {
        guard let program = command.first else { throw Difference("the command of the adapter is empty") }
        // An adapter that has ended must not end the suite.
        signal(SIGPIPE, SIG_IGN)
        let process = Process()
        let isPath = program.contains("/")
        process.executableURL = URL(fileURLWithPath: isPath ? program : "/usr/bin/env")
        process.arguments = isPath ? Array(command.dropFirst()) : command
        let (input, output, errors) = (Pipe(), Pipe(), Pipe())
        (process.standardInput, process.standardOutput, process.standardError) = (input, output, errors)
        let ended = self.ended
        process.terminationHandler = { process in
            let isExit = process.terminationReason == .exit
            ended.update { $0 = isExit ? .exited(process.terminationStatus) : .signalled(process.terminationStatus) }
        }
        do { try process.run() } catch {
            throw Difference("the adapter can't be started", expected: command.joined(separator: " "), got: "\(error)")
        }
        pid = process.processIdentifier
        self.input = input.fileHandleForWriting
        pipes = [input, output, errors]
        let said = self.output
        PipeReader.read(output, take: { bytes in said.update { $0.take(bytes) } }, end: { said.end() })
        PipeReader.read(errors, take: { bytes in said.update { $0.takeErrors(bytes) } }, end: {})
    }

    /// Writes a line; when the adapter takes it is its affair.
    package func write(_ line: String) {
        writing.async { [self] in
            // What an adapter that has ended does not read shows in what it does not answer.
            if isInputOpen.withLock({ $0 }) { try? input.write(contentsOf: Data((line + "\n").utf8)) }
        }
    }

    /// Ends the adapter: the end of its input, and if that is not enough SIGTERM and SIGKILL.
    ///
    /// - Parameter patience: how long it has for each of them.
    /// - Returns: how it ended.
    @discardableResult
    package func end(patience: Duration = .seconds(5)) async -> End {
        closeInput()
        if let end = await end(within: patience) { return end }
        kill(pid, SIGTERM)
        if let end = await end(within: patience) { return end }
        kill(pid, SIGKILL)
        return await end(within: .seconds(3_600)) ?? .signalled(SIGKILL)
    }

    /// How it ended by itself; nil if it has not in time.
    package func end(within time: Duration) async -> End? {
        try? await ended.wait(until: .now + time) { end, _ in end }
    }

    private func closeInput() {
        let isOpen = isInputOpen.withLock { isOpen in
            defer { isOpen = false }
            return isOpen
        }
        guard isOpen else { return }
        writing.async { [self] in try? input.close() }
    }
}
