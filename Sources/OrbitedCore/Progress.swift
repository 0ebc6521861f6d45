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

    /// What follows from a browser's coming back.
    struct Resumption {
        let start: Start
        /// What is to be sent again.
        var again: Deque<Delivery> = []
        /// The events whose fate hung on the browser's word, which it has given.
        var confirmed: [Delivery] = []
        /// The events whose fate hung on the browser's word, which can't come any more.
        var unconfirmed: [Delivery] = []
    }

    /// Written events that the browser may have missed, oldest first.
    private(set) var sent: Deque<Delivery> = []
    private var sentBytes = 0
    /// Where those are in memory: a deque is one reference. Only to be fetched, so that nothing breaks if it is not.
    var sentAddress: UnsafeRawPointer { unsafeBitCast(sent, to: UnsafeRawPointer.self) }
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
    ///
    /// - Returns: the events whose fate hung on the browser's word, which now can't come any more. [CTL-125]
    mutating func wrote(_ delivery: Delivery, isKept: Bool, limits: SessionLimits, now: NIODeadline) -> [Delivery] {
        let serial = delivery.event.serial
        position = max(position, serial)
        written = max(written, serial)
        // Written is delivered where there are no cursors; what was before can't be asked for any more.
        guard isKept else { return acknowledge(serial) }
        var delivery = delivery
        if !delivery.isReached { delivery.awaitsWord = delivery.event.ack == .browser }
        delivery.isReached = true
        sentBytes += delivery.event.body.readableBytes
        sent.append(delivery)
        return dropExcess(limits: limits, now: now)
    }

    /// The browser was told that it stands here.
    mutating func told(_ mark: Mark) { position = max(position, mark.cursor.serial) }

    /// Lets go of events that are too many or too old to be sent again. [BRW-98]
    ///
    /// - Returns: as ``wrote(_:isKept:limits:now:)``.
    mutating func dropExcess(limits: SessionLimits, now: NIODeadline) -> [Delivery] {
        var dropped: [Delivery] = []
        while let first = sent.first,
            sent.count > limits.maxReplay || sentBytes > limits.maxReplayBytes
                || first.event.time + limits.replayAge < now
        {
            dropOldest(into: &dropped)
        }
        return dropped
    }

    /// The browser has shown that it has all events up to this one. [BRW-101]
    ///
    /// - Returns: those of them whose fate hung on that.
    mutating func acknowledge(_ serial: UInt64) -> [Delivery] {
        guard serial <= position else { return [] }
        var confirmed: [Delivery] = []
        while let first = sent.first, first.event.serial <= serial { removeOldest(into: &confirmed) }
        if sent.isEmpty { forget() }
        acknowledged = max(acknowledged, serial)
        floor = max(floor, serial)
        return confirmed
    }

    private mutating func dropOldest(into dropped: inout [Delivery]) {
        if let first = sent.first { floor = max(floor, first.event.serial) }
        removeOldest(into: &dropped)
    }

    private mutating func removeOldest(into list: inout [Delivery]) {
        guard let first = sent.popFirst() else { return }
        sentBytes -= first.event.body.readableBytes
        if first.awaitsWord { list.append(first) }
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
    mutating func resume(_ comeback: Comeback, epoch: UInt64) -> Resumption {
        let seen: UInt64
        let isKnown: Bool
        var confirmed: [Delivery] = []
        switch comeback {
        case .anew:
            // Its page may never have seen what an earlier connection was sent, or told. [BRW-97]
            let told = nextGap == .told ? max(written, lastLoss) : written
            let unconfirmed = sent.filter(\.awaitsWord)
            // Kept all the same, for another page that may come back with its cursor. [BRW-98]
            for index in sent.indices { sent[index].awaitsWord = false }
            return Resumption(
                start: Start(serial: position, isGap: told > acknowledged), unconfirmed: Array(unconfirmed))
        case .after(let cursor) where cursor.epoch == epoch && cursor.serial <= position:
            (seen, isKnown) = (cursor.serial, cursor.serial >= floor)
            confirmed = acknowledge(seen)
        case .after, .unreadable:
            (seen, isKnown) = (floor, false)
        }
        if nextGap == .told, seen < lastLoss { nextGap = .owed }
        defer { forget() }
        return Resumption(
            start: Start(serial: max(seen, floor), isGap: !isKnown), again: sent, confirmed: confirmed)
    }
}
