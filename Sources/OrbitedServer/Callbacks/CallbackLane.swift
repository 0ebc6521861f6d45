import DequeModule
import NIOCore

/// The callbacks of some of the sessions, in their order: one request at a time, tried again until it is taken or too
/// late. It has no socket and no clock: `now` is an argument.
struct CallbackLane {
    /// What one request holds: callbacks of one kind.
    struct Batch: Sendable, Hashable {
        let kind: Callback.Kind
        let callbacks: [Callback]
        /// How many callbacks were lost before these. [CBK-8]
        let dropped: Int
        /// Its number in the lane; the same for each try. [CBK-5]
        let number: UInt64
    }

    /// What is to be done.
    enum Action: Sendable, Hashable {
        /// Nothing, until there are callbacks or an answer has come.
        case none
        /// Post it.
        case post(Batch)
        /// Ask again at that time.
        case wait(until: NIODeadline)
        /// It was given up: tell the operator. Then ask again.
        case giveUp(Batch)
    }

    private enum State {
        case idle
        case posting(Batch, since: NIODeadline, tries: Int)
        case pausing(Batch, since: NIODeadline, tries: Int, until: NIODeadline)
    }

    /// How many callbacks are in one request at most.
    static let most = 100
    private static let firstPause = TimeAmount.seconds(1)
    private static let longestPause = TimeAmount.seconds(30)

    private let patience: TimeAmount
    private var state = State.idle
    private var waiting: Deque<Callback> = []
    private var dropped = 0
    private var lastNumber: UInt64 = 0

    /// - Parameter patience: how long a request is tried again.
    init(patience: TimeAmount) { self.patience = patience }

    /// How many wait or are under way.
    var count: Int {
        switch state {
        case .idle: waiting.count
        case .posting(let batch, _, _), .pausing(let batch, _, _, _): waiting.count + batch.callbacks.count
        }
    }

    /// Whether nothing waits or is under way.
    var isEmpty: Bool { count == 0 }

    mutating func add(_ callback: Callback) { waiting.append(callback) }

    /// So many callbacks were lost before they came here.
    mutating func drop(_ count: Int) { dropped += count }

    /// What is to be done now.
    mutating func next(now: NIODeadline) -> Action {
        switch state {
        case .posting: return .none
        case .pausing(let batch, let since, _, _) where now >= since + patience:
            return giveUp(batch)
        case .pausing(let batch, let since, let tries, let until):
            guard now >= until else { return .wait(until: min(until, since + patience)) }
            state = .posting(batch, since: since, tries: tries)
            return .post(batch)
        case .idle:
            guard let batch = nextBatch() else { return .none }
            state = .posting(batch, since: now, tries: 0)
            return .post(batch)
        }
    }

    /// The request has been answered, or has failed. Answers how many callbacks need no memory any more.
    ///
    /// - Parameters:
    ///   - isTaken: whether the application has taken it.
    ///   - random: from 0 to below 1; pauses are from half of their length on, so that lanes don't beat together.
    mutating func answered(isTaken: Bool, now: NIODeadline, random: Double) -> [Callback] {
        guard case .posting(let batch, let since, let tries) = state else { return [] }
        if isTaken {
            state = .idle
            return batch.callbacks
        }
        let longest = min(Self.firstPause * (1 << min(tries, 5)), Self.longestPause)
        let pause = TimeAmount.nanoseconds(Int64(Double(longest.nanoseconds) * (0.5 + random / 2)))
        state = .pausing(batch, since: since, tries: tries + 1, until: now + pause)
        return []
    }

    /// Tries what it waits with once more at once; for a server that stops.
    mutating func hurry(now: NIODeadline) {
        guard case .pausing(let batch, let since, let tries, _) = state else { return }
        state = .pausing(batch, since: since, tries: tries, until: now)
    }

    private mutating func giveUp(_ batch: Batch) -> Action {
        dropped += batch.dropped + batch.callbacks.count
        state = .idle
        return .giveUp(batch)
    }

    /// The next callbacks, as long as they are of one kind. [CBK-4]
    private mutating func nextBatch() -> Batch? {
        guard let kind = waiting.first?.kind else { return nil }
        let callbacks = Array(waiting.prefix(Self.most).prefix { $0.kind == kind })
        waiting.removeFirst(callbacks.count)
        lastNumber += 1
        defer { dropped = 0 }
        return Batch(kind: kind, callbacks: callbacks, dropped: dropped, number: lastNumber)
    }
}
