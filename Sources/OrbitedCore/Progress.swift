import DequeModule
import NIOCore
import OrbitedWire

/// How far a browser has come in the events of its session, and what it may have missed. [BRW-94] to [BRW-102]
///
/// Events that were written stay here until the browser has shown that it has them, within bounds: from here they are
/// sent again.
struct Progress {
    /// Where a browser goes on, and whether something before that is missing.
    struct Start: Equatable {
        let serial: UInt64
        let isGap: Bool
    }

    /// Written events that the browser may have missed, oldest first.
    private(set) var sent: Deque<Delivery> = []
    private var sentBytes = 0
    /// The last event that was written, or the last mark that was told: what a browser that begins anew is told.
    private(set) var position: UInt64
    /// The last event that was written.
    private var written: UInt64
    /// The last event that the browser has shown to have.
    private var acknowledged: UInt64
    /// Of the events up to here none can be sent again.
    private(set) var floor: UInt64
    /// The last event that was dropped unsent.
    private var lastLoss: UInt64 = 0
    /// What the event that comes next has to tell of a loss before it.
    private(set) var nextGap = Delivery.Gap.none

    /// The progress of a new session: events before its birth are none of it.
    init(birth: UInt64) {
        position = birth
        written = birth
        acknowledged = birth
        floor = birth
    }

    // MARK: Written

    /// An event has left for the browser; `isKept` if the browser can come back to it with a cursor.
    mutating func wrote(_ delivery: Delivery, isKept: Bool, limits: SessionLimits, now: NIODeadline) {
        let serial = delivery.event.serial
        position = max(position, serial)
        written = max(written, serial)
        // Written is delivered where there are no cursors; what was before can't be asked for any more.
        guard isKept else { return acknowledge(serial) }
        var delivery = delivery
        delivery.isReached = true
        sentBytes += delivery.event.body.readableBytes
        sent.append(delivery)
        while sent.count > limits.maxReplay || sentBytes > limits.maxReplayBytes { dropOldest() }
        expire(limits: limits, now: now)
    }

    /// The browser was told that it stands here.
    mutating func told(_ mark: Mark) { position = max(position, mark.cursor.serial) }

    /// Lets go of events that are too old to be sent again. [BRW-98]
    mutating func expire(limits: SessionLimits, now: NIODeadline) {
        while let first = sent.first, first.event.time + limits.replayAge < now { dropOldest() }
    }

    /// The browser has shown that it has all events up to this one. [BRW-101]
    mutating func acknowledge(_ serial: UInt64) {
        guard serial <= position else { return }
        while let first = sent.first, first.event.serial <= serial { removeOldest() }
        if sent.isEmpty { forget() }
        acknowledged = max(acknowledged, serial)
        floor = max(floor, serial)
    }

    private mutating func dropOldest() {
        if let first = sent.first { floor = max(floor, first.event.serial) }
        removeOldest()
    }

    private mutating func removeOldest() {
        guard let first = sent.popFirst() else { return }
        sentBytes -= first.event.body.readableBytes
    }

    /// Gives the memory back, too: an idle session is to cost little.
    private mutating func forget() {
        sent = []
        sentBytes = 0
    }

    /// Events that were to be sent again, and were not after all.
    mutating func takeBack(_ deliveries: some Sequence<Delivery>) {
        for delivery in deliveries {
            sentBytes += delivery.event.body.readableBytes
            sent.append(delivery)
        }
    }

    // MARK: Lost

    /// An event will never be sent; the next one tells of it.
    mutating func lost(_ serial: UInt64) {
        lastLoss = max(lastLoss, serial)
        nextGap = .owed
    }

    /// An event will never be sent, and one that waits tells of it already.
    mutating func lostBeforeWaiting(_ serial: UInt64) { lastLoss = max(lastLoss, serial) }

    /// What the next event has to tell of a loss before it.
    mutating func takeNextGap() -> Delivery.Gap {
        defer { nextGap = .none }
        return nextGap
    }

    /// The gap to be told when no event follows it yet. [BRW-99]
    mutating func tellGap(epoch: UInt64) -> Mark {
        nextGap = .told
        return Mark(cursor: Cursor(epoch: epoch, serial: lastLoss), isGap: true)
    }

    /// Takes over what was lost in the session's new place while this was on its way there.
    mutating func merge(_ newer: Progress) {
        lastLoss = max(lastLoss, newer.lastLoss)
        if newer.nextGap != .none { nextGap = newer.nextGap }
    }

    // MARK: Coming back

    /// A browser is back: answers where it goes on, and the events that are to be sent again.
    mutating func resume(_ comeback: Comeback, epoch: UInt64) -> (start: Start, again: Deque<Delivery>) {
        let seen: UInt64
        let isKnown: Bool
        switch comeback {
        case .anew:
            // Its page may never have seen what an earlier connection was sent, or told. [BRW-97]
            let told = nextGap == .told ? max(written, lastLoss) : written
            return (Start(serial: position, isGap: told > acknowledged), [])
        case .after(let cursor) where cursor.epoch == epoch && cursor.serial <= position:
            (seen, isKnown) = (cursor.serial, cursor.serial >= floor)
            acknowledge(seen)
        case .after, .unreadable:
            (seen, isKnown) = (floor, false)
        }
        if nextGap == .told, seen < lastLoss { nextGap = .owed }
        defer { forget() }
        return (Start(serial: max(seen, floor), isGap: !isKnown), sent)
    }
}
