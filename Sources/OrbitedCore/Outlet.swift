/// How a connection takes events.
public enum OutletKind: Sendable {
    /// Any number of events, one after the other.
    case stream
    /// One event; then the browser asks again. Several wait beside each other. [BRW-63]
    case poll
    /// All events that wait, in one response; then the browser asks again. A newer one takes over. [BRW-103]
    case batch
}

/// What became of the bytes given to an outlet.
public enum WriteOutcome: Sendable {
    /// All of them left for the socket; the outlet takes more.
    case written
    /// All of them left for the socket, and the outlet has ended, as a poll does after one event.
    case finished
    /// The socket took a part; the shard hears from ``Shard/outletDrained(_:now:)`` when it took the rest.
    case partly
    /// The connection is broken. The outlet has closed itself.
    case failed
}

/// Why the server ends an outlet.
public enum EndReason: Sendable, Equatable {
    /// Another connection with the same key has taken over: the browser must not come back.
    case replaced
    /// The same browser changed to another transport.
    case switched
    /// A poll waited as long as it may.
    case timeout
    /// The server shuts down.
    case shutdown
    /// An application closed the session, for the reason that is given: the browser must not come back. [BRW-111]
    case closed(String)
    /// The socket took nothing for too long.
    case stalled
}

/// One browser connection as a shard sees it. Confined to the shard's loop.
///
/// None of its methods calls the shard back before it returns; after ``end(_:)`` or a `finished` or `failed` outcome
/// the outlet never calls the shard again.
public protocol Outlet: AnyObject {
    /// How it takes events.
    var kind: OutletKind { get }
    /// The name of its transport.
    var transport: String { get }
    /// Whether silence is broken by a ping on this transport.
    var hasHeartbeat: Bool { get }
    /// Whether its browser is told cursors, so that it can come back with one.
    var hasCursors: Bool { get }
    /// Whether all that was written has left for the socket.
    var isDrained: Bool { get }
    /// Whether the socket has taken any byte since this was last asked.
    func hasProgressed() -> Bool
    /// The session that holds it; the shard sets it.
    var session: Session? { get set }
    /// The deliveries whose bytes have not all left for the socket yet, in order; the shard sets it.
    var inFlight: [Delivery] { get set }

    /// Writes what comes before the first event, with the mark if it is known already. Only now, that events for the key
    /// find their way here: a browser which has seen the response begin is reachable.
    func begin(at mark: Mark?) -> WriteOutcome
    /// Writes a mark between two events, or before the first; one without cursors writes nothing. Not for batches.
    func write(_ mark: Mark) -> WriteOutcome
    /// Writes one event in the form of the transport. Not for batches.
    func write(_ event: Event) -> WriteOutcome
    /// Writes the response of a ``OutletKind/batch``; for no other kind.
    func write(_ batch: Batch) -> WriteOutcome
    /// Writes a ping.
    func writeHeartbeat() -> WriteOutcome
    /// Ends the response cleanly after what has been written; `stalled` closes the connection at once.
    ///
    /// It may come while an event has left in part: then a poll, whose response is that event, has nothing to add.
    func end(_ reason: EndReason)
}
