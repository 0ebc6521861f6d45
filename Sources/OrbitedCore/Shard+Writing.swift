import NIOCore
import OrbitedWire

/// What waits goes to the browsers that are here.
extension Shard {
    /// Writes what waits, as far as the session's outlets take it.
    func flush(_ session: Session, now: NIODeadline) {
        failExpired(session, now: now)
        writeWaiting(of: session, now: now)
    }

    /// The same without a look at the clock.
    func writeWaiting(of session: Session, now: NIODeadline) {
        while session.hasNext, let outlet = session.takeReadyOutlet(graceEnd: now + limits.grace) {
            switch outlet.kind {
            case .stream: writeNext(of: session, to: outlet, now: now)
            case .poll: writeFirst(of: session, to: outlet, now: now)
            case .batch: writeBatch(of: session, to: outlet, now: now)
            }
        }
        schedule(session)
    }

    /// Writes a stream's next event, after what its browser is to be told before it.
    private func writeNext(of session: Session, to outlet: any Outlet, now: NIODeadline) {
        if let mark = session.takeMark() {
            guard write(mark, to: outlet, of: session, now: now), outlet.isDrained else { return }
        }
        if outlet.hasCursors, let gap = session.takeGap(epoch: switchboard.epoch) {
            guard write(gap, to: outlet, of: session, now: now) else { return }
        }
        writeFirst(of: session, to: outlet, now: now)
    }

    private func writeFirst(of session: Session, to outlet: any Outlet, now: NIODeadline) {
        guard let delivery = session.waiting.popFirst() else { return }
        if write(delivery, to: outlet, of: session, now: now),
            countsAsReached(delivery, through: outlet, of: session)
        {
            reports.add(reached: 1, of: delivery.event)
        }
    }

    /// Gives up what may wait no longer. [CTL-127]
    func failExpired(_ session: Session, now: NIODeadline) {
        guard session.waiting.soonest <= now else { return }
        for delivery in session.takeExpired(now) { fail(delivery, .expired, of: session) }
    }

    /// Whether a recipient is reached now that the event has left for its browser. One whose fate hangs on the browser's
    /// word is not yet, and never is on a transport on which the browser can't give it. [CTL-124] [CTL-125]
    func countsAsReached(_ delivery: Delivery, through outlet: any Outlet, of session: Session) -> Bool {
        guard delivery.isOpen else { return false }
        switch delivery.event.ack {
        case .written: return true
        case .browser:
            if !outlet.hasCursors { fail(delivery, .unconfirmed, of: session) }
            return false
        }
    }

    /// Browsers have said that they have these.
    func confirm(_ deliveries: [Delivery], of session: Session) {
        for delivery in deliveries { reports.add(reached: 1, of: delivery.event) }
    }

    /// An event has left for the browser.
    private func wrote(_ delivery: Delivery, to outlet: any Outlet, of session: Session, now: NIODeadline) {
        let silent = session.progress.wrote(delivery, isKept: outlet.hasCursors, limits: limits, now: now)
        for delivery in silent { fail(delivery, .unconfirmed, of: session) }
    }

    /// Tells a browser where it stands; answers whether its connection took it.
    private func write(_ mark: Mark, to outlet: any Outlet, of session: Session, now: NIODeadline) -> Bool {
        session.progress.told(mark)
        switch outlet.write(mark) {
        case .written, .partly:
            session.lastWrite = now
            // What went just now is no progress of what did not.
            if !outlet.isDrained { _ = outlet.hasProgressed() }
            return true
        case .finished, .failed:
            detach(outlet, from: session, now: now)
            return false
        }
    }

    /// Writes one event; answers whether it has left for the browser by that.
    func write(_ delivery: Delivery, to outlet: any Outlet, of session: Session, now: NIODeadline) -> Bool {
        let outcome = outlet.write(delivery.event)
        session.lastWrite = now
        switch outcome {
        case .written:
            wrote(delivery, to: outlet, of: session, now: now)
            return true
        case .finished:
            wrote(delivery, to: outlet, of: session, now: now)
            detach(outlet, from: session, now: now)
            return true
        case .partly:
            outlet.inFlight = [delivery]
            _ = outlet.hasProgressed()
            if outlet.kind == .poll { session.sending = Session.Sending(outlet: outlet, lastProgress: now) }
            schedule(session)
            return false
        case .failed:
            detach(outlet, from: session, now: now)
            retry([delivery], on: session)
            return false
        }
    }

    /// Answers a batch with what waits, or with where its browser stands. [BRW-103]
    func writeBatch(of session: Session, to outlet: any Outlet, now: NIODeadline) {
        let batch = session.takeBatch(epoch: switchboard.epoch)
        let events = Batch(events: batch.deliveries.map(\.event), mark: batch.mark)
        session.progress.told(batch.mark)
        switch outlet.write(events) {
        case .written, .finished:
            reach(batch.deliveries, through: outlet, of: session, now: now)
            detach(outlet, from: session, now: now)
        case .partly where !batch.deliveries.isEmpty:
            session.lastWrite = now
            outlet.inFlight = batch.deliveries
            _ = outlet.hasProgressed()
            schedule(session)
        case .partly:
            // Nothing hangs on whether a mark alone arrives.
            detach(outlet, from: session, now: now)
        case .failed:
            detach(outlet, from: session, now: now)
            retry(batch.deliveries, on: session)
        }
    }

    /// These have left for the browser.
    func reach(_ deliveries: [Delivery], through outlet: any Outlet, of session: Session, now: NIODeadline) {
        for delivery in deliveries {
            if countsAsReached(delivery, through: outlet, of: session) { reports.add(reached: 1, of: delivery.event) }
            wrote(delivery, to: outlet, of: session, now: now)
        }
    }

    /// Lets deliveries whose write broke off wait for the next connection, if they may. [BRW-59]
    func retry(_ deliveries: [Delivery], on session: Session) {
        let isResident = isResident(session)
        for var delivery in deliveries.reversed() {
            if !delivery.isReached { delivery.attempts += 1 }
            if isResident, Int(delivery.attempts) <= limits.retryLimit {
                session.waiting.putBack(CollectionOfOne(delivery))
            } else {
                fail(delivery, .unreachable, of: session)
                if !delivery.isReached { session.lose(delivery) }
            }
        }
    }
}
