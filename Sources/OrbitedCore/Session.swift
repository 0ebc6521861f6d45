import DequeModule
import NIOCore
import OrbitedWire

/// A browser's session: the connection that holds it, if any, and the events that wait for it. Confined to a shard.
///
/// This is its state alone; ``Shard`` carries out what follows from it.
public final class Session {
    /// Who holds the session.
    enum Link {
        /// Nobody, since the deadline's grace before; the session ends then. [BRW-51]
        case away(until: NIODeadline)
        /// One stream, or one batch that waits.
        case stream(any Outlet)
        /// Polls that wait, oldest first; never empty.
        case polls(Deque<Poll>)
    }

    struct Poll {
        let outlet: any Outlet
        let opened: NIODeadline
    }

    /// A poll whose event has left in part.
    struct Sending {
        let outlet: any Outlet
        var lastProgress: NIODeadline
    }

    /// Where the session goes from here, and on whose account.
    struct Onward {
        let place: Place
        let newcomer: Newcomer
    }

    /// Whose session it is.
    public let key: ConnectionKey
    let slot: Slot
    var link: Link { didSet { outletAddress = link.outletAddress } }
    /// Where the object of its stream is, so that it can be fetched before it is touched.
    private(set) var outletAddress: UnsafeRawPointer?
    /// When its stream was last written, or its batch began to wait.
    var lastWrite: NIODeadline
    /// Events that wait for the browser.
    var waiting = WaitingEvents()
    /// How far the browser has come.
    var progress: Progress
    /// What is under way with the session, if anything is.
    var passing: Passing?
    /// The time for which the shard has an entry in its deadlines.
    var scheduled = NIODeadline.distantFuture

    init(key: ConnectionKey, slot: Slot, isArriving: Bool, birth: UInt64, awayUntil: NIODeadline) {
        self.key = key
        self.slot = slot
        self.progress = Progress(birth: birth)
        self.link = .away(until: awayUntil)
        self.lastWrite = .uptimeNanoseconds(0)
        self.isArriving = isArriving
    }

    /// Lets a delivery wait behind the others; answers what was given up for that, oldest first, or nil if there is no
    /// room. [BRW-56] [BRW-138]
    func enqueue(_ delivery: Delivery, limits: SessionLimits) -> [Delivery]? {
        guard let givenUp = waiting.makeRoom(for: delivery, limits: limits) else { return nil }
        var delivery = delivery
        if progress.nextGap != .none { delivery.gap = progress.takeNextGap() }
        waiting.append(delivery)
        for former in givenUp { lose(former) }
        return givenUp
    }

    /// An event of this session will never be sent to its browser, which is to hear of that in its place. [BRW-99]
    func lose(_ delivery: Delivery) {
        if let next = waiting.first, next.serial > delivery.serial {
            progress.lostBeforeWaiting(delivery.serial)
            waiting.setFirstGap(.owed)
        } else {
            progress.lost(delivery.serial)
        }
    }

    /// Takes in what the session had in its former place; answers what found no room. [BRW-56]
    func takeIn(_ luggage: Luggage, limits: SessionLimits) -> [Delivery] {
        var arrived = luggage.progress
        if let newer = waiting.first, arrived.nextGap != .none {
            let gap = arrived.takeNextGap()
            if newer.gap != .owed { waiting.setFirstGap(gap) }
        }
        let excess = waiting.takeIn(luggage.waiting, limits: limits)
        arrived.merge(progress)
        progress = arrived
        for delivery in excess { lose(delivery) }
        return excess
    }

    /// The browser has shown that it has all events up to this one; answers those whose fate hung on that. [BRW-101]
    func acknowledge(_ serial: UInt64) -> [Delivery] {
        guard !isArriving else {
            acknowledgedMeanwhile = max(acknowledgedMeanwhile, serial)
            return []
        }
        guard serial <= progress.position else { return [] }
        return progress.acknowledge(serial) + waiting.confirm(upTo: serial)
    }

    /// Carries out what the connection that is here now said of the events it has seen; answers what follows from that
    /// for fates that hung on the browser's word.
    func comeBack(
        epoch: UInt64, limits: SessionLimits, now: NIODeadline
    ) -> (confirmed: [Delivery], unconfirmed: [Delivery]) {
        guard let comeback = comeback.take() else { return ([], []) }
        progress.takeBack(waiting.popReached())
        // What is too old is not sent again. [BRW-98]
        let tooOld = progress.dropExcess(limits: limits, now: now)
        waiting.oweGaps()
        let resumption = progress.resume(comeback, epoch: epoch)
        let start = resumption.start
        var replay = resumption.again
        for index in replay.indices where replay[index].gap == .told { replay[index].gap = .owed }
        waiting.putBack(replay)
        // It has seen the gap just before that event, and lost its connection then.
        if let next = waiting.first, next.gap == .owed, start.serial == next.serial - 1 { waiting.setFirstGap(.none) }
        mark = Mark(cursor: Cursor(epoch: epoch, serial: start.serial), isGap: start.isGap)
        tellsAtOnce = comeback == .anew || start.isGap
        return (resumption.confirmed, tooOld + resumption.unconfirmed)
    }

    /// Takes what waits and may wait no longer; the browser is to hear of it in its place. [CTL-127] [BRW-99]
    func takeExpired(_ now: NIODeadline) -> [Delivery] {
        let (expired, last) = waiting.popExpired(now)
        for delivery in expired { progress.lostBeforeWaiting(delivery.serial) }
        if let last { progress.lost(last.serial) }
        return expired
    }

    /// How it ended, for those who watch. [CTL-144]
    func signoff(_ reason: Notice.Signoff.Reason) -> Notice.Signoff {
        let sentAgain = waiting.deliveries.lazy.filter(\.isReached)
        let missed = waiting.deliveries.lazy.filter { !$0.isReached }
        return Notice.Signoff(
            reason: reason, missed: missed.prefix(Notice.Signoff.most).map(\.event.id),
            unconfirmed: (progress.sent.map(\.event.id) + sentAgain.map(\.event.id)).prefix(Notice.Signoff.most)
                .map { $0 })
    }

    /// Whether an event can go out at once: nothing is to be written before it.
    var isCaughtUp: Bool { waiting.isEmpty && mark == nil && progress.nextGap == .none }

    /// Whether a stream or a batch is there that takes what waits.
    var isReady: Bool {
        guard case .stream(let outlet) = link else { return false }
        return outlet.isDrained && !isArriving && sending == nil
    }

    /// Takes what the connection is to be told before the next event; then it knows where it stands.
    func takeMark() -> Mark? {
        defer {
            mark = nil
            tellsAtOnce = false
        }
        return mark
    }

    /// Takes the gap that is to be told now: before the first event that waits, or because none follows it yet. The
    /// event keeps its own, in case it is sent again. [BRW-99]
    func takeGap(epoch: UInt64) -> Mark? {
        if let next = waiting.first {
            guard next.gap == .owed else { return nil }
            return Mark(cursor: Cursor(epoch: epoch, serial: next.serial - 1), isGap: true)
        }
        return progress.nextGap == .owed ? progress.tellGap(epoch: epoch) : nil
    }

    /// Takes what a batch is answered with.
    func takeBatch(epoch: UInt64) -> (deliveries: [Delivery], mark: Mark) {
        let start = takeMark()
        let gap = takeGap(epoch: epoch)
        let deliveries = waiting.popBatch()
        let isGap = gap != nil || start?.isGap == true
        let serial = deliveries.last?.serial ?? gap?.cursor.serial ?? start?.cursor.serial ?? progress.position
        return (deliveries, Mark(cursor: Cursor(epoch: epoch, serial: serial), isGap: isGap))
    }

    /// Whether there is anything to be written to the outlet that holds the session, if there is one.
    var hasNext: Bool {
        if !waiting.isEmpty { return true }
        guard case .stream(let outlet) = link, outlet.hasCursors else { return false }
        return progress.nextGap == .owed || (outlet.kind == .batch ? tellsAtOnce : mark != nil)
    }

    /// The outlet that takes the next event now, if one does. A poll is taken off the link by this.
    func takeReadyOutlet(graceEnd: NIODeadline) -> (any Outlet)? {
        guard !isArriving, sending == nil else { return nil }
        switch link {
        case .away:
            return nil
        case .stream(let outlet):
            return outlet.isDrained ? outlet : nil
        case .polls(var polls):
            // Let go of first, so that the polls are not copied.
            link = .away(until: graceEnd)
            let first = polls.popFirst()
            if !polls.isEmpty { link = .polls(polls) }
            return first?.outlet
        }
    }

    /// When the session wants to be looked at: the grace's end, a ping, a stalled write, a poll's time-out.
    func deadline(_ limits: SessionLimits) -> NIODeadline? {
        let due = connectionDeadline(limits)
        guard waiting.soonest < .distantFuture else { return due }
        return due.map { min($0, waiting.soonest) } ?? waiting.soonest
    }

    /// The same for what its connections want.
    func connectionDeadline(_ limits: SessionLimits) -> NIODeadline? {
        guard let sending else { return linkDeadline(limits) }
        let stall = sending.lastProgress + limits.writeTimeout
        return linkDeadline(limits).map { min($0, stall) } ?? stall
    }

    private func linkDeadline(_ limits: SessionLimits) -> NIODeadline? {
        switch link {
        case .away(let until):
            // What is still arriving, or on its way out, decides first.
            return isArriving || sending != nil ? nil : until
        case .stream(let outlet):
            if !outlet.isDrained { return lastWrite + limits.writeTimeout }
            if outlet.kind == .batch { return lastWrite + limits.pollTimeout }
            return outlet.hasHeartbeat ? lastWrite + limits.heartbeat : nil
        case .polls(let polls):
            return polls.first.map { $0.opened + limits.pollTimeout }
        }
    }
}
