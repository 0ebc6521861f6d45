/// The line to the server, over all connections: when there is one, and what it is good for. It decides what is to be
/// done to the connection, and does nothing.
struct Line {
    /// Where it stands.
    enum Phase: Equatable {
        case idle
        case connecting(until: Duration)
        case greeting(until: Duration)
        case ready(since: Duration)
        /// The server takes no more, but answers.
        case closing(since: Duration, until: Duration)
        case pausing(until: Duration)
    }

    /// What is to be done to the connection.
    enum Action: Equatable {
        case open
        case close
    }

    /// How long a server may take to connect, to greet and to close.
    private let patience: Duration
    private var backoff: Backoff
    private(set) var phase = Phase.idle
    private var actions: [Action] = []

    init(patience: Duration, random: @escaping () -> Double) {
        self.patience = patience
        backoff = Backoff(random: random)
    }

    /// Whether the server takes calls.
    var isReady: Bool {
        if case .ready = phase { true } else { false }
    }

    /// When the phase is over.
    var until: Duration {
        switch phase {
        case .idle, .ready: .never
        case .connecting(let until), .greeting(let until), .closing(_, let until), .pausing(let until): until
        }
    }

    private var hasConnection: Bool {
        switch phase {
        case .idle, .pausing: false
        case .connecting, .greeting, .ready, .closing: true
        }
    }

    /// What is to be done since the last time, in this order.
    mutating func takeActions() -> [Action] {
        defer { actions = [] }
        return actions
    }

    /// Somebody wants it.
    mutating func want(_ now: Duration) {
        if phase == .idle { open(now) }
    }

    /// Connect now, unless it is connected.
    mutating func open(_ now: Duration) {
        guard !hasConnection else { return }
        phase = .connecting(until: now + patience)
        actions.append(.open)
    }

    /// There is a connection.
    mutating func opened(_ now: Duration) { phase = .greeting(until: now + patience) }

    /// The server takes calls.
    mutating func greeted(_ now: Duration) { phase = .ready(since: now) }

    /// The server has said good-bye: it takes no more, but answers what it took. [CTL-83]
    mutating func goodbye(_ now: Duration) {
        if case .ready(let since) = phase { phase = .closing(since: since, until: now + patience) }
    }

    /// The connection is of no use any more.
    mutating func drop() {
        if hasConnection { actions.append(.close) }
    }

    /// There is no connection any more: wait for the next attempt, or for somebody who wants one.
    mutating func rest(isWanted: Bool, _ now: Duration) {
        let pause = backoff.pause(lasted: lasted(now))
        phase = isWanted ? .pausing(until: now + pause) : .idle
    }

    /// How long the connection has been of use.
    private func lasted(_ now: Duration) -> Duration {
        switch phase {
        case .ready(let since), .closing(let since, _): now - since
        case .idle, .connecting, .greeting, .pausing: .zero
        }
    }

    /// There is no connection any more, and nobody wants one.
    mutating func hangUp() { phase = .idle }
}
