import OrbitedWire

/// What a browser says of the events that it has seen already when it connects.
public enum Comeback: Sendable, Equatable {
    /// Nothing: it begins anew. [BRW-97]
    case anew
    /// It has seen all up to this event.
    case after(Cursor)
    /// It has seen some, but its cursor can't be read. [BRW-96]
    case unreadable
}
