import Foundation
import Synchronization

/// What is shown while trials run: on a terminal one line that is written anew, else a line every 10 seconds.
package final class Progress: Sendable {
    private struct State {
        var done = 0
        var failed = 0
        var last: ContinuousClock.Instant
        var isShown = false
    }

    private let all: Int
    private let isTerminal: Bool
    private let start = ContinuousClock.now
    private let state = Mutex(State(last: .now))

    /// - Parameter all: how many trials there are.
    package init(_ all: Int) {
        self.all = all
        isTerminal = isatty(STDERR_FILENO) != 0
    }

    /// Counts a result, and shows it if it is time for that.
    package func add(_ result: TrialResult) {
        let pause: Duration = isTerminal ? .milliseconds(100) : .seconds(10)
        state.withLock { state in
            state.done += 1
            if result.verdict == .failed { state.failed += 1 }
            guard state.last.duration(to: .now) >= pause else { return }
            state.last = .now
            state.isShown = true
            write(line(state))
        }
    }

    /// Ends the line.
    package func end() {
        state.withLock { state in
            if isTerminal, state.isShown { Self.write("\r\u{1B}[K") }
        }
    }

    private func line(_ state: State) -> String {
        let time = Summary.time(start.duration(to: .now).inSeconds)
        return "\(state.done)/\(all) trials, \(state.failed) failed, \(time)"
    }

    private func write(_ line: String) { Self.write(isTerminal ? "\r\(line)\u{1B}[K" : "\(line)\n") }

    private static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
