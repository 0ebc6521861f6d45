import OrbitedWire

/// A recipient that an event did not reach.
public struct Unreached: Sendable, Hashable {
    /// Its index in the event's recipients.
    public let recipient: UInt32
    /// Why: 301 to 305 of the registry.
    public let reason: ControlCode
    /// The key, if a pattern stood for it; then `recipient` has no meaning.
    public let key: ConnectionKey?

    /// Creates a fate.
    public init(recipient: UInt32, reason: ControlCode, key: ConnectionKey? = nil) {
        self.recipient = recipient
        self.reason = reason
        self.key = key
    }
}

/// What a shard tells of an event: how many of its recipients were reached, and which were not.
public struct Report: Sendable {
    /// The event's number, see ``Event/number``.
    public let number: UInt64
    /// How many recipients it has beyond those counted until now, or how many less: patterns stand for many on that
    /// shard, which was counted as one.
    public var opened = 0
    /// How many recipients were reached.
    public var reached = 0
    /// Those that were not.
    public var unreached: [Unreached] = []
}

/// Takes reports; called on the loop of the shard that makes them, and hops from there by itself.
public protocol ReceiptSink: AnyObject, Sendable {
    /// Takes what became known in one turn of a shard.
    func report(_ reports: [Report])
}

/// Collects the fate of every recipient of one event, until none is open. [CTL-43]
public struct Receipt: Sendable {
    private let event: Event
    private var open: Int
    /// How many recipients were reached.
    public private(set) var reached = 0
    private var unreached: [Unreached]

    /// Begins with what routing knows already.
    public init(event: Event, routing: Routing) {
        self.event = event
        self.open = routing.sent
        self.unreached = routing.unreached
    }

    /// Whether the fate of every recipient is known.
    public var isComplete: Bool { open == 0 }

    /// The event's number.
    public var number: UInt64 { event.number }

    /// About how much memory the event takes, in bytes.
    public var size: Int { event.size }

    /// Takes a report about this event.
    public mutating func take(_ report: Report) {
        open += report.opened - report.reached - report.unreached.count
        reached += report.reached
        unreached += report.unreached
        assert(open >= 0, "a recipient's fate was told twice")
    }

    /// The recipients that were not reached, with their reasons: in the order in which the event named them, and then
    /// those that a pattern stood for. [CTL-119]
    public var fates: [(key: ConnectionKey, reason: ControlCode)] {
        unreached.sorted { $0.recipient < $1.recipient }
            .map { ($0.key ?? event.recipients[Int($0.recipient)], $0.reason) }
    }
}
