/// Finds out that a server is dead which says nothing any more.
struct Pulse {
    private let interval: Duration
    private let patience: Duration
    /// Since when the server says nothing though it could.
    private var silentSince = Duration.zero
    /// When the server is taken for dead.
    private(set) var due = Duration.never

    /// - Parameters:
    ///   - interval: after how long without a sign of life the server is asked for one.
    ///   - patience: how long it may take to answer.
    init(interval: Duration, patience: Duration) {
        self.interval = interval
        self.patience = patience
    }

    /// The server said something, or has nothing to say.
    mutating func heard(_ now: Duration) {
        silentSince = now
        due = .never
    }

    /// The server is asked for a sign of life.
    mutating func ask(_ now: Duration) { due = now + patience }

    /// When it has to be asked.
    var next: Duration { due < .never ? .never : silentSince + interval }
}
