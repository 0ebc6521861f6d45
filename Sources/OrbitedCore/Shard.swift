import DequeModule
import NIOCore
import OrbitedWire

/// The sessions whose browsers are connected to one event loop, and all that happens to them.
///
/// A shard has no clock and no socket: time is an argument, and connections are ``Outlet``s. It is confined to its
/// loop; other loops reach it through the ``Switchboard`` alone.
public final class Shard {
    /// The shard's index in the switchboard.
    public let index: Int
    let limits: SessionLimits
    /// How this shard hears from others.
    public let switchboard: Switchboard
    var sessions: [Session?] = []
    var generations: [UInt32] = []
    var vacant: [UInt32] = []
    var deadlines = Deadlines()
    /// Knows which sessions patterns stand for.
    var matcher = SessionMatcher()
    /// Polls that sleep since their session moved, in the order in which they wake.
    var dormant: Deque<Sleeper> = []
    var reports = ReportBatch()
    private var isReporting = false
    /// What the box is exchanged for, so that it is not made anew for each event.
    private var spareBox: [Mail] = []
    private static let mostSpareMail = 1_024
    /// Set once the server shuts down: sessions end as soon as nothing is on its way to them.
    var isClosing = false

    /// Creates a shard.
    public init(index: Int, switchboard: Switchboard, limits: SessionLimits) {
        self.index = index
        self.switchboard = switchboard
        self.limits = limits
    }

    /// Whether no session is left.
    public var isEmpty: Bool { vacant.count == sessions.count }

    /// When ``tick(now:)`` wants to be called next.
    public var nextDeadline: NIODeadline? {
        guard let session = deadlines.earliest else { return dormant.first?.wakes }
        return dormant.first.map { min($0.wakes, session) } ?? session
    }

    // MARK: Control side

    /// Carries out what other loops, or this one, have laid into the shard's box.
    public func drain(now: NIODeadline) {
        var fed: [Session] = []
        var mail: [Mail] = []
        swap(&mail, &spareBox)
        switchboard.takeMail(of: index, for: &mail)
        forEach(of: mail, slot: \.onlyRecipient) { carryOut($0, feeding: &fed, now: now) }
        if mail.capacity <= Self.mostSpareMail {
            mail.removeAll(keepingCapacity: true)
            spareBox = mail
        }
        // Only now, so that a batch holds all that has come; none of it has waited.
        for session in fed where isResident(session) { writeWaiting(of: session, now: now) }
        sendReports()
    }

    private func carryOut(_ letter: Mail, feeding fed: inout [Session], now: NIODeadline) {
        switch letter {
        case .delivery(let event, let target):
            if deliver(event, to: target, feeding: &fed, now: now) { reports.add(reached: 1, of: event) }
        case .deliveries(let event, let targets): deliver(event, to: targets, feeding: &fed, now: now)
        case .surrender(let slot, let place, let newcomer):
            surrender(slot, to: place, newcomer: newcomer, now: now)
        case .arrival(let slot, let luggage): arrive(luggage, at: slot, now: now)
        case .acknowledgement(let slot, let serial):
            if let session = session(at: slot) { confirm(session.acknowledge(serial), of: session) }
        case .closure(let slot, let reason): close(slot, reason: reason, now: now)
        }
    }

    private func deliver(_ event: Event, to targets: [Target], feeding fed: inout [Session], now: NIODeadline) {
        var reached = 0
        forEach(of: targets, slot: \.slot.index) { target in
            if deliver(event, to: target, feeding: &fed, now: now) { reached += 1 }
        }
        if !event.patterns.isEmpty {
            forEachMatch(of: event, beside: targets) { session in
                let delivery = Delivery(event: event, recipient: Delivery.matched)
                if deliver(delivery, to: session, feeding: &fed, now: now) { reached += 1 }
            }
        }
        if reached > 0 { reports.add(reached: reached, of: event) }
    }

    /// Answers whether the recipient is reached.
    private func deliver(_ event: Event, to target: Target, feeding fed: inout [Session], now: NIODeadline) -> Bool {
        guard let session = session(at: target.slot) else {
            // The session ended after the event was sent to it. If its key has a new one elsewhere, later events may
            // have overtaken this one on the way there, so that it can't follow. [CTL-52]
            let key = event.recipients[Int(target.recipient)]
            tell(Unreached(recipient: target.recipient, reason: .unreachable), key: key, of: event)
            return false
        }
        let delivery = Delivery(event: event, recipient: target.recipient)
        return deliver(delivery, to: session, feeding: &fed, now: now)
    }

    /// The same for a session that is here.
    private func deliver(
        _ delivery: Delivery, to session: Session, feeding fed: inout [Session], now: NIODeadline
    ) -> Bool {
        guard session.isCaughtUp, let outlet = session.takeReadyOutlet(graceEnd: now + limits.grace) else {
            hold(delivery, for: session, feeding: &fed, now: now)
            return false
        }
        guard write(delivery, to: outlet, of: session, now: now) else {
            // Another poll may be there to take what the first one could not.
            flush(session, now: now)
            return false
        }
        return countsAsReached(delivery, through: outlet, of: session)
    }

    /// Lets a delivery wait for its browser, if it may.
    private func hold(_ delivery: Delivery, for session: Session, feeding fed: inout [Session], now: NIODeadline) {
        if delivery.isExpired(now), !session.isReady {
            fail(delivery, .expired, of: session)
            session.lose(delivery)
        } else if let givenUp = session.enqueue(delivery, limits: limits) {
            for former in givenUp { fail(former, .overflow, of: session) }
            if session.isReady { fed.append(session) } else { schedule(session) }
        } else {
            fail(delivery, .overflow, of: session)
            session.lose(delivery)
            if limits.overflow == .disconnect { cutOff(session) }
        }
    }

    /// The outlet's browser has shown that it has all events up to the cursor. [BRW-101]
    public func acknowledge(_ cursor: Cursor, by outlet: any Outlet) {
        guard cursor.epoch == switchboard.epoch else { return }
        guard let session = outlet.session else { return }
        confirm(session.acknowledge(cursor.serial), of: session)
        sendReports()
    }

    /// Tells that a recipient was not reached, if its fate has not been told.
    func fail(_ delivery: Delivery, _ reason: ControlCode, of session: Session) {
        fail(delivery, reason, key: session.key)
    }

    /// The same for a session that is not here.
    func fail(_ delivery: Delivery, _ reason: ControlCode, key: ConnectionKey) {
        guard delivery.isOpen else { return }
        let isNamed = delivery.recipient != Delivery.matched
        let fate = Unreached(
            recipient: delivery.recipient, reason: delivery.fate(reason), key: isNamed ? nil : key)
        tell(fate, key: key, of: delivery.event)
    }

    private func tell(_ fate: Unreached, key: ConnectionKey, of event: Event) {
        reports.add(fate, of: event)
        switchboard.callbacks?.failed(EventFailure(event: event.id, key: key, reason: fate.reason))
    }

    /// Tells the sinks what became known in this turn; the last thing that each entry into the shard does.
    ///
    /// A sink may publish and ``drain(now:)`` from within its report: what comes of that is told by the loop that runs
    /// already, so that the stack does not grow with it.
    func sendReports() {
        guard !isReporting else { return }
        isReporting = true
        defer { isReporting = false }
        while !reports.isEmpty {
            for (sink, batch) in reports.take() { sink.report(batch) }
        }
    }

    // MARK: Slots

    /// Whether the session still lives here: it may have moved on while an outlet was writing.
    func isResident(_ session: Session) -> Bool { self.session(at: session.slot) === session }

    func session(at slot: Slot) -> Session? {
        let index = Int(slot.index)
        guard generations[index] == slot.generation else { return nil }
        return sessions[index]
    }

    /// Makes sure that the session is looked at by its deadline.
    func schedule(_ session: Session) {
        guard let time = session.deadline(limits), time < session.scheduled else { return }
        session.scheduled = time
        deadlines.insert(session.slot, at: time)
    }
}
