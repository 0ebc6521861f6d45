import Synchronization

/// Counts the open connections of a listener against its limit.
final class ConnectionLimit: Sendable {
    /// Whether there was room for one more.
    enum Entry: Equatable {
        /// It is counted until ``ConnectionLimit/leave()``.
        case entered
        /// It is not counted. It is news when there was ample room since the last refusal, so that a flood of
        /// connections is not a flood of log lines.
        case full(isNews: Bool)
    }

    /// How many may be open.
    let limit: Int
    private let count = Atomic<Int>(0)
    private let isFull = Atomic<Bool>(false)

    init(_ limit: Int) {
        self.limit = limit
    }

    /// Counts one more, if there is room.
    func enter() -> Entry {
        if count.add(1, ordering: .relaxed).newValue <= limit { return .entered }
        count.subtract(1, ordering: .relaxed)
        return .full(isNews: !isFull.exchange(true, ordering: .relaxed))
    }

    /// Counts one less.
    func leave() {
        let count = count.subtract(1, ordering: .relaxed).newValue
        if count < limit - limit / 10, isFull.load(ordering: .relaxed) { isFull.store(false, ordering: .relaxed) }
    }
}
