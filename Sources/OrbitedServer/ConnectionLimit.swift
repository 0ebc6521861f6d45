import Synchronization

/// Counts the open connections of a listener against its limit.
final class ConnectionLimit: Sendable {
    /// How many may be open.
    let limit: Int
    private let count = Atomic<Int>(0)

    init(_ limit: Int) {
        self.limit = limit
    }

    /// Counts one more, if there is room. Call ``leave()`` when it has closed.
    func enter() -> Bool {
        if count.add(1, ordering: .relaxed).newValue <= limit { return true }
        leave()
        return false
    }

    /// Counts one less.
    func leave() {
        count.subtract(1, ordering: .relaxed)
    }
}
