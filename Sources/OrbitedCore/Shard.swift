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
    /// Polls that sleep since their session moved, in the order in which they wake.
    var dormant: Deque<Sleeper> = []
    var reports = ReportBatch()
    private var isReporting = false
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
        for mail in switchboard.takeMail(of: index) {
            switch mail {
            case .deliveries(let event, let targets): deliver(event, to: targets, now: now)
            case .surrender(let slot, let place, let newcomer):
                surrender(slot, to: place, newcomer: newcomer, now: now)
            case .arrival(let slot, let deliveries): arrive(deliveries, at: slot, now: now)
            }
        }
        sendReports()
    }

    private func deliver(_ event: Event, to targets: [Target], now: NIODeadline) {
        var reached = 0
        for target in targets {
            let delivery = Delivery(event: event, recipient: target.recipient)
            guard let session = session(at: target.slot) else {
                // The session ended after the event was sent to it. If its key has a new one elsewhere, later events
                // may have overtaken this one on the way there, so that it can't follow. [CTL-52]
                fail(delivery, .unreachable)
                continue
            }
            guard session.waiting.isEmpty, let outlet = session.takeReadyOutlet(graceEnd: now + limits.grace) else {
                if !session.enqueue(delivery, limits: limits) { fail(delivery, .overflow) }
                continue
            }
            if write(delivery, to: outlet, of: session, now: now) {
                reached += 1
            } else {
                // Another poll may be there to take what the first one could not.
                flush(session, now: now)
            }
        }
        if reached > 0 { reports.add(reached: reached, of: event) }
    }

    // MARK: Writing

    /// Writes what waits, as far as the session's outlets take it.
    func flush(_ session: Session, now: NIODeadline) {
        while !session.waiting.isEmpty, let outlet = session.takeReadyOutlet(graceEnd: now + limits.grace) {
            guard let delivery = session.dequeue() else { break }
            if write(delivery, to: outlet, of: session, now: now) {
                reports.add(reached: 1, of: delivery.event)
            }
        }
        schedule(session)
    }

    /// Writes one event; answers whether the recipient has been reached by that.
    private func write(_ delivery: Delivery, to outlet: any Outlet, of session: Session, now: NIODeadline) -> Bool {
        let outcome = outlet.write(delivery.event)
        if case .stream = session.link { session.link = .stream(outlet, lastWrite: now) }
        switch outcome {
        case .written:
            return true
        case .finished:
            detach(outlet, from: session, now: now)
            return true
        case .partly:
            outlet.inFlight = delivery
            // What went just now is no progress of what did not.
            _ = outlet.hasProgressed()
            if outlet.kind == .poll { session.sending = Session.Sending(outlet: outlet, lastProgress: now) }
            schedule(session)
            return false
        case .failed:
            detach(outlet, from: session, now: now)
            retry(delivery, on: session)
            return false
        }
    }

    /// Lets a delivery whose write broke off wait for the next connection, if it may. [BRW-59]
    func retry(_ delivery: Delivery, on session: Session) {
        var delivery = delivery
        delivery.attempts += 1
        if Int(delivery.attempts) <= limits.retryLimit, isResident(session) {
            session.putBack(delivery)
        } else {
            fail(delivery, .unreachable)
        }
    }

    /// Tells that a recipient was not reached.
    func fail(_ delivery: Delivery, _ reason: ControlCode) {
        reports.add(Unreached(recipient: delivery.recipient, reason: reason), of: delivery.event)
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
