import OrbitedWire

/// What became of an event.
public struct Receipt: Hashable, Sendable {
    /// The id that the event had on the wire; a `signoff` names it so.
    public let id: String
    /// How many keys were reached.
    public let reached: Int
    /// The recipients that were not reached: first those that the event named, then those that a pattern stood for.
    public let unreached: [Unreached]
    /// The server's sentence about them; empty if all were reached.
    public let message: String

    /// Whether every recipient was reached.
    public var ok: Bool { unreached.isEmpty }

    /// Creates a receipt.
    public init(id: String, reached: Int, unreached: [Unreached] = [], message: String = "") {
        self.id = id
        self.reached = reached
        self.unreached = unreached
        self.message = message
    }
}

/// A recipient that was not reached, and why. [CTL-120]
public struct Unreached: Hashable, Sendable {
    /// Whom the event did not reach.
    public let key: ConnectionKey
    /// 301 to 305; nil from a server of Orbit 1.0, which does not say.
    public let code: Int?
    /// `unreachable`, `expired`, `overflow`, `refused` or `unconfirmed`, or another word of a later server; nil as above.
    public let name: String?

    /// Creates a fate.
    public init(key: ConnectionKey, code: Int? = nil, name: String? = nil) {
        self.key = key
        self.code = code
        self.name = name
    }
}

extension Unreached: CustomStringConvertible {
    /// The key, and in parentheses why.
    public var description: String {
        guard let code else { return "\(key)" }
        return "\(key) (\(code) \(name ?? ""))"
    }
}

/// The keys that have a session, as a `list` found them. [CTL-148]
public struct Listing: Hashable, Sendable {
    /// The keys, in any order.
    public let keys: [ConnectionKey]
    /// Whether there are more than the limit allowed. [CTL-149]
    public let more: Bool

    /// Creates a listing.
    public init(keys: [ConnectionKey], more: Bool = false) {
        self.keys = keys
        self.more = more
    }
}

/// When a recipient counts as reached. [CTL-123]
public typealias Ack = EventFrame.Ack
