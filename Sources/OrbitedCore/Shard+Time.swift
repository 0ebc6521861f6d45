import NIOCore
import OrbitedWire

/// Time passes; the server shuts down.
extension Shard {
    /// Does what is due: ends sessions whose grace is over, pings silent streams, answers polls that waited long
    /// enough, drops streams that take nothing.
    public func tick(now: NIODeadline) {
        while let entry = deadlines.popDue(now) {
            guard let session = session(at: entry.slot), session.scheduled == entry.time else { continue }
            session.scheduled = .distantFuture
            if session.waiting.soonest <= now { flush(session, now: now) }
            if let due = session.connectionDeadline(limits), due <= now { expire(session, now: now) }
            if isClosing, isResident(session) { closeIfIdle(session) }
            if isResident(session) { schedule(session) }
        }
        while let sleeper = dormant.first, sleeper.wakes <= now {
            dormant.removeFirst()
            sleeper.outlet.end(.timeout)
        }
        sendReports()
    }

    private func expire(_ session: Session, now: NIODeadline) {
        if let sending = session.sending, sending.lastProgress + limits.writeTimeout <= now {
            if sending.outlet.hasProgressed() {
                session.sending?.lastProgress = now
            } else {
                drop(sending.outlet, of: session, now: now)
            }
            return
        }
        switch session.link {
        case .away:
            end(session, .expired)
        case .stream(let outlet):
            if outlet.isDrained, outlet.kind == .batch {
                writeBatch(of: session, to: outlet, now: now)
            } else if outlet.isDrained {
                ping(outlet, of: session, now: now)
            } else if outlet.hasProgressed() {
                session.lastWrite = now
            } else {
                drop(outlet, of: session, now: now)
            }
        case .polls(var polls):
            guard let oldest = polls.popFirst() else { return }
            session.link = polls.isEmpty ? .away(until: now + limits.grace) : .polls(polls)
            release(oldest.outlet, .timeout)
        }
    }

    private func ping(_ outlet: any Outlet, of session: Session, now: NIODeadline) {
        session.lastWrite = now
        for delivery in session.progress.dropExcess(limits: limits, now: now) {
            fail(delivery, .unconfirmed, of: session)
        }
        switch outlet.writeHeartbeat() {
        case .written: break
        case .partly: _ = outlet.hasProgressed()
        case .finished, .failed: detach(outlet, from: session, now: now)
        }
    }

    private func drop(_ outlet: any Outlet, of session: Session, now: NIODeadline) {
        let deliveries = takeInFlight(outlet)
        // Before it is detached, so that it can say whose it was.
        outlet.end(.stalled)
        detach(outlet, from: session, now: now)
        retry(deliveries, on: session)
        settle(session, now: now)
    }

    /// Ends a session: its key is free, and what waits has failed. [BRW-54]
    func end(_ session: Session, _ reason: Notice.Signoff.Reason) {
        let signoff = session.signoff(reason)
        let fate = Self.fate(of: reason)
        for delivery in session.progress.sent { fail(delivery, fate, of: session) }
        for delivery in session.waiting.popAll() { fail(delivery, fate, of: session) }
        if let place = session.onward?.place { switchboard.post(.arrival(place.slot, nil), to: place.shard) }
        vacate(session)
        switchboard.release(session.key, from: Place(shard: index, slot: session.slot), signoff)
    }

    /// What becomes of the events of a session that ends so.
    private static func fate(of reason: Notice.Signoff.Reason) -> ControlCode {
        switch reason {
        case .closed: .refused
        case .overflow: .overflow
        default: .unreachable
        }
    }

    /// The queue of a session is full, and such sessions are to end. [BRW-138]
    func cutOff(_ session: Session) {
        // One that is still moving here only refuses the newest, until what it had elsewhere has arrived.
        guard !session.isArriving else { return }
        if let sending = session.sending { giveUp(sending.outlet, of: session, .overflow) }
        switch session.link {
        case .stream(let outlet): giveUp(outlet, of: session, .overflow)
        case .polls, .away: end(session.link, of: session, .timeout)
        }
        end(session, .overflow)
    }

    /// An application closes a session. [CTL-150]
    func close(_ slot: Slot, reason: String, now: NIODeadline) {
        guard let session = session(at: slot) else { return }
        guard !session.isArriving else {
            session.closure = reason
            return
        }
        // What has left in part may arrive whole, since the browser is still told why its connection ends.
        if let sending = session.sending { giveUp(sending.outlet, of: session, .unconfirmed) }
        if case .stream(let outlet) = session.link {
            for delivery in takeInFlight(outlet) { fail(delivery, .unconfirmed, of: session) }
        }
        end(session.link, of: session, .closed(reason))
        end(session, .closed)
    }

    /// Lets the session's slot again.
    func vacate(_ session: Session) {
        let slot = Int(session.slot.index)
        sessions[slot] = nil
        generations[slot] &+= 1
        vacant.append(session.slot.index)
        matcher.remove(session.key, at: session.slot.index)
    }

    /// Begins to shut down: away sessions end, outlets end as soon as what was written to them has left. [CTL-95] [BRW-86]
    ///
    /// Call it when no new event can come; after it ``isEmpty`` tells when all is done.
    public func close(now: NIODeadline) {
        drain(now: now)
        isClosing = true
        endDormant()
        for case let session? in sessions { closeIfIdle(session) }
        sendReports()
    }

    /// Gives up what is still on its way; after it no session is left and every fate has been told.
    public func abort(now: NIODeadline) {
        isClosing = true
        drain(now: now)
        endDormant()
        for case let session? in sessions {
            if let sending = session.sending { giveUp(sending.outlet, of: session, .unreachable) }
            if case .stream(let outlet) = session.link, !outlet.inFlight.isEmpty {
                giveUp(outlet, of: session, .unreachable)
            } else {
                end(session.link, of: session, .shutdown)
            }
            end(session, .shutdown)
        }
        sendReports()
    }

    /// Fails what an outlet has written in part, and cuts it off, so that the rest does not leave after all.
    private func giveUp(_ outlet: any Outlet, of session: Session, _ fate: ControlCode) {
        for delivery in takeInFlight(outlet) { fail(delivery, fate, of: session) }
        outlet.end(.stalled)
        outlet.session = nil
    }

    private func endDormant() {
        for sleeper in dormant { sleeper.outlet.end(.shutdown) }
        dormant = []
    }

    /// Ends the session unless something is still on its way to its browser.
    func closeIfIdle(_ session: Session) {
        if session.sending != nil { return }
        if case .stream(let outlet) = session.link, !outlet.isDrained { return }
        end(session.link, of: session, .shutdown)
        end(session, .shutdown)
    }
}
