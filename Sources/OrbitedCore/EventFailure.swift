import OrbitedWire

/// An event that did not reach one of its recipients.
public struct EventFailure: Hashable, Sendable {
    /// The event's id, as the application gave it; empty if it gave none.
    public let event: String
    /// The recipient.
    public let key: ConnectionKey
    /// Why: 301 to 305 of the registry.
    public let reason: ControlCode

    /// Creates a failure.
    public init(event: String, key: ConnectionKey, reason: ControlCode) {
        self.event = event
        self.key = key
        self.reason = reason
    }

    /// About how much memory it takes, in bytes.
    public var size: Int { 128 + key.bytes.count + event.utf8.count }
}
