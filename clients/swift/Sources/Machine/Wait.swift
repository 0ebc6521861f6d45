/// What a call comes to.
enum Value: Sendable {
    case receipt(Receipt)
    case listing(Listing)
    case watching(WatchStart)
    /// How many sessions a `Close` has ended.
    case closed(Int)
    case done
}

/// Where something is kept that somebody waits for, and which it leaves as it ends.
protocol WaitHome: AnyObject {
    func left(_ wait: Wait)
}

/// Something that somebody waits for, up to a time. It ends once.
class Wait {
    /// When it has to be over.
    let deadline: Duration
    fileprivate(set) var isOver = false
    /// Its place among the deadlines; -1 if it has none.
    var place = -1
    /// Where it is kept.
    var home: (any WaitHome)?
    /// What is done as it ends.
    var onEnd: (Result<Value, OrbitedError>) -> Void

    init(deadline: Duration = .never, onEnd: @escaping (Result<Value, OrbitedError>) -> Void = { _ in }) {
        self.deadline = deadline
        self.onEnd = onEnd
    }

    /// Whether the server can have carried it out.
    var maybeDelivered: Bool { false }
}

/// All that somebody waits for.
struct Waits {
    private var deadlines = Deadlines()

    /// The earliest deadline.
    var deadline: Duration { deadlines.first?.deadline ?? .never }

    mutating func begin(_ wait: Wait) { deadlines.add(wait) }

    mutating func succeed(_ wait: Wait, _ value: Value) { end(wait, .success(value)) }

    mutating func fail(_ wait: Wait, _ error: OrbitedError) { end(wait, .failure(error)) }

    /// One whose time is over. It has to be ended before the next is asked for.
    func due(_ now: Duration) -> Wait? {
        guard let first = deadlines.first, first.deadline <= now else { return nil }
        return first
    }

    private mutating func end(_ wait: Wait, _ result: Result<Value, OrbitedError>) {
        guard !wait.isOver else { return }
        wait.isOver = true
        deadlines.remove(wait)
        let home = wait.home
        wait.home = nil
        home?.left(wait)
        wait.onEnd(result)
        wait.onEnd = { _ in }
    }
}

extension Duration {
    /// What never comes; so far away that times can be added to it.
    static let never = Duration.seconds(1 << 60)
}
