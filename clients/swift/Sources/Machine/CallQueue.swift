import DequeModule

/// The calls that are not sent, in their order.
final class CallQueue: WaitHome {
    /// Calls that ended elsewhere stay in here for a while.
    private var calls: Deque<Call> = []
    private let limit: Int
    private let whenFull: ClientOptions.WhenFull
    /// How many wait.
    private(set) var count = 0

    /// - Parameter limit: how many calls may wait, those not counted that can be sent at once.
    init(limit: Int, whenFull: ClientOptions.WhenFull) {
        self.limit = limit
        self.whenFull = whenFull
    }

    /// The call that has waited longest.
    var first: Call? {
        while let first = calls.first {
            if !first.isOver { return first }
            calls.removeFirst()
        }
        return nil
    }

    /// All that wait.
    var all: [Call] { calls.filter { !$0.isOver } }

    func add(_ call: Call) {
        call.home = self
        calls.append(call)
        count += 1
    }

    /// Takes the first call out of the queue: it is sent.
    func removeFirst() {
        guard let first else { return }
        first.home = nil
        calls.removeFirst()
        count -= 1
    }

    func left(_ wait: Wait) {
        count -= 1
        if calls.count > 2 * count + 64 { calls.removeAll(where: \.isOver) }
    }

    /// The call that has to fail, if one more is one too many, and how.
    ///
    /// - Parameter room: how many of those that wait can be sent at once.
    func overflow(by call: Call, room: Int) -> (call: Call, error: OrbitedError)? {
        guard count - room >= limit else { return nil }
        switch whenFull {
        case .wait: return nil
        case .dropOldest:
            if let first {
                return (first, OrbitedError(.dropped, "a later call took its place in the full queue").about(first))
            }
        case .fail: break
        }
        return (call, OrbitedError(.queueFull, "\(limit) calls wait to be sent already"))
    }

    /// Puts calls before all others: they were sent once, before those.
    func putBack(_ again: [Call]) {
        for call in again { call.home = self }
        calls.prepend(contentsOf: again)
        count += again.count
    }
}
