import OrbitedWire

/// Where a browser stands in the events of its session, as it is told.
public struct Mark: Sendable, Equatable {
    /// What the browser is to come back with.
    public let cursor: Cursor
    /// Whether events before this are missing: a *gap*. [BRW-99]
    public let isGap: Bool

    /// Creates a mark.
    public init(cursor: Cursor, isGap: Bool) {
        self.cursor = cursor
        self.isGap = isGap
    }
}

/// What a response that holds many events, and ends with them, tells at once.
public struct Batch: Sendable {
    /// The events, in order.
    public let events: [Event]
    /// The cursor after the last of them, and whether something before the first is missing.
    public let mark: Mark

    /// Creates a batch.
    public init(events: [Event], mark: Mark) {
        self.events = events
        self.mark = mark
    }
}
