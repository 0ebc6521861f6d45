/// What becomes of an event that finds its session's queue full. [BRW-56] [BRW-138]
public enum OverflowPolicy: String, Sendable, CaseIterable {
    /// It is not reached.
    case refuse
    /// The oldest events of the queue are given up, until there is room.
    case dropOldest = "drop_oldest"
    /// All events of the queue are given up: the newest alone counts.
    case conflate
    /// The session ends, and its connections are cut off; the browser comes back, and is told that it missed something.
    case disconnect
}
