import Foundation
import Synchronization

/// An adapter that runs: lines go in, and lines come out; see `conformance/adapters/README.md`.
final class AdapterProcess: Sendable {
    /// It ends with standard output.
    let output = Inbox(AdapterOutput())
    private let process: ChildProcess
    private let input = Pipe()
    private let writing = DispatchQueue(label: "adapter's input")
    private let isInputOpen = Mutex(true)

    /// Starts a command.
    ///
    /// - Parameter command: the program, which is looked for in `PATH`, and its arguments.
    /// - Throws: ``Difference`` if it can't be started.
    init(_ command: [String]) throws {
        // An adapter that has ended must not end the suite.
        signal(SIGPIPE, SIG_IGN)
        let (output, errors) = (Pipe(), Pipe())
        process = try ChildProcess(command, input: input, output: output, errors: errors)
        let said = self.output
        PipeReader.read(output, take: { bytes in said.update { $0.take(bytes) } }, end: { said.end() })
        PipeReader.read(errors, take: { bytes in said.update { $0.takeErrors(bytes) } }, end: {})
    }

    /// Begins a call.
    ///
    /// - Parameter members: those of the call beside its number and its verb.
    /// - Returns: its number.
    func begin(_ verb: String, _ members: [String: JSONValue] = [:]) -> Int {
        let number = output.update { $0.begin(verb) }
        write(JSONValue.object(members.merging(["call": .number(Double(number)), "do": .string(verb)]) { $1 }).text)
        return number
    }

    /// Writes a line; when the adapter takes it is its affair.
    private func write(_ line: String) {
        writing.async { [self] in
            // What an adapter that has ended does not read shows in what it does not answer.
            guard isInputOpen.withLock({ $0 }) else { return }
            try? input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
        }
    }

    /// Ends the adapter: the end of its input, and if that is not enough SIGTERM and SIGKILL.
    ///
    /// - Parameter patience: how long it has for each of them.
    /// - Returns: how it ended.
    @discardableResult
    func end(patience: Duration = .seconds(5)) async -> ChildProcess.End {
        closeInput()
        if let end = await end(within: patience) { return end }
        return await process.end(patience: patience)
    }

    /// How it ended by itself; nil if it has not in time.
    func end(within time: Duration) async -> ChildProcess.End? { await process.end(within: time) }

    private func closeInput() {
        let isOpen = isInputOpen.withLock { isOpen in
            defer { isOpen = false }
            return isOpen
        }
        guard isOpen else { return }
        writing.async { [self] in try? input.fileHandleForWriting.close() }
    }
}
