import Synchronization

/// What arrives from elsewhere, and those who wait for it.
final class Inbox<Content: Sendable>: Sendable {
    private struct State {
        var content: Content
        var isEnded = false
        var waiters: [UInt64: @Sendable () -> Void] = [:]
        var lastWaiter: UInt64 = 0
    }

    private let state: Mutex<State>

    /// An inbox with this content.
    init(_ content: Content) { state = Mutex(State(content: content)) }

    /// The content as it is now.
    var content: Content { state.withLock { $0.content } }

    /// Changes the content, and wakes those who wait.
    ///
    /// - Returns: what the change returns.
    @discardableResult
    func update<Result: Sendable>(_ change: (inout Content) -> Result) -> Result {
        wake { change(&$0.content) }
    }

    /// Nothing more will arrive.
    func end() { wake { $0.isEnded = true } }

    private func wake<Result: Sendable>(_ change: (inout State) -> Result) -> Result {
        let (result, waiters) = state.withLock { state in
            let result = change(&state)
            defer { state.waiters = [:] }
            return (result, state.waiters.values)
        }
        for waiter in waiters { waiter() }
        return result
    }

    /// Why there is no answer.
    enum Silence: Error, Hashable {
        /// The time is over.
        case late
        /// Nothing more will arrive.
        case ended
    }

    /// Waits until something is found in the content, which the search may change.
    ///
    /// - Parameter find: answers what was found, or nil to be asked again when more has come; it is told whether
    ///   nothing more will.
    /// - Throws: ``Silence``
    func wait<Found: Sendable>(
        until deadline: ContinuousClock.Instant, _ find: @Sendable (inout Content, _ isEnded: Bool) throws -> Found?
    ) async throws -> Found {
        while true {
            let (stream, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
            let (found, isEnded, waiter): (Found?, Bool, UInt64) = try state.withLock { state in
                let found = try find(&state.content, state.isEnded)
                guard found == nil, !state.isEnded else { return (found, state.isEnded, 0) }
                state.lastWaiter += 1
                state.waiters[state.lastWaiter] = { signal.yield() }
                return (nil, false, state.lastWaiter)
            }
            if let found { return found }
            if isEnded { throw Silence.ended }
            let timer = Task {
                try? await Task.sleep(until: deadline, clock: .continuous)
                signal.finish()
            }
            var isWoken = false
            for await _ in stream {
                isWoken = true
                break
            }
            timer.cancel()
            guard isWoken else {
                state.withLock { $0.waiters[waiter] = nil }
                throw Silence.late
            }
        }
    }
}
