import Foundation
import Synchronization

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
    static func start(_ process: Process) throws {
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

    static func forget(_ pid: Int32) {
        _ = state.withLock { $0.pids.remove(pid) }
    }

    /// Signals a process that has not ended: its number may be another's later.
    static func signal(_ pid: Int32, _ number: Int32) {
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
