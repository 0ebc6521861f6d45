import DequeModule
import OrbitedWire

/// Where a session lives: a shard and a slot in it. A small handle that crosses loops in the session's stead.
///
/// There is one for each session, so that it is as small as can be.
public struct Place: Hashable, Sendable {
    /// The slot in the shard.
    public let slot: Slot
    private let shardIndex: UInt16

    /// The shard's index.
    public var shard: Int { Int(shardIndex) }

    init(shard: Int, slot: Slot) {
        self.slot = slot
        self.shardIndex = UInt16(shard)
    }
}

/// A slot of a shard. Its generation grows each time the slot is let again, so that an old handle finds nobody.
public struct Slot: Hashable, Sendable {
    let index: UInt32
    let generation: UInt32
}

/// One recipient of an event on a shard.
struct Target: Sendable {
    let slot: Slot
    let recipient: UInt32
}

/// What one shard is asked to do by others.
enum Mail: Sendable {
    /// Deliver the event to these sessions, and to those that its patterns stand for.
    case deliveries(Event, [Target])
    /// Deliver the event, which names one recipient alone, to its session.
    case delivery(Event, Target)
    /// End the session; the reason is for its browser.
    case closure(Slot, reason: String)
    /// The session's key now belongs to another place: hand over what waits.
    case surrender(Slot, to: Place, newcomer: Newcomer)
    /// What the session had in its former place; nothing if it had ended there.
    case arrival(Slot, Luggage?)
    /// The session's browser has all events up to this one.
    case acknowledgement(Slot, serial: UInt64)
}

/// What a session takes along to another shard.
struct Luggage: Sendable {
    let key: ConnectionKey
    /// Events that wait, oldest first.
    let waiting: Deque<Delivery>
    let progress: Progress
}

/// What another shard's connection is like, which takes a session over.
struct Newcomer: Sendable {
    let kind: OutletKind
    let transport: String
}

/// What routing found out about an event at once.
public struct Routing: Sendable {
    /// How many fates are open: one for each recipient that a shard was sent, and one for each shard that is to find
    /// out whom the patterns stand for.
    public internal(set) var sent = 0
    /// The recipients that nobody holds.
    public internal(set) var unreached: [Unreached] = []
}
