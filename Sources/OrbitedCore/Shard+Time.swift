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
            if let due = session.deadline(limits), due <= now { expire(session, now: now) }
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
            end(session)
        case .stream(let outlet, _):
            if outlet.isDrained, outlet.kind == .batch {
                writeBatch(of: session, to: outlet, now: now)
            } else if outlet.isDrained {
                ping(outlet, of: session, now: now)
            } else if outlet.hasProgressed() {
                session.link = .stream(outlet, lastWrite: now)
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
        session.link = .stream(outlet, lastWrite: now)
        session.progress.expire(limits: limits, now: now)
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
    func end(_ session: Session) {
        for delivery in session.waiting.popAll() where !delivery.isReached { fail(delivery, .unreachable) }
        if let place = session.onward?.place { switchboard.post(.arrival(place.slot, nil), to: place.shard) }
        vacate(session)
        switchboard.release(session.key, from: Place(shard: index, slot: session.slot))
    }

    /// Lets the session's slot again.
    func vacate(_ session: Session) {
        let slot = Int(session.slot.index)
        sessions[slot] = nil
        generations[slot] &+= 1
        vacant.append(session.slot.index)
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
            if let sending = session.sending { giveUp(sending.outlet) }
            if case .stream(let outlet, _) = session.link, !outlet.inFlight.isEmpty {
                giveUp(outlet)
            } else {
                end(session.link, of: session, .shutdown)
            }
            end(session)
        }
        sendReports()
    }

    /// Fails what an outlet has written in part, and cuts it off, so that the rest does not leave after all.
    private func giveUp(_ outlet: any Outlet) {
        for delivery in takeInFlight(outlet) where !delivery.isReached { fail(delivery, .unreachable) }
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
        if case .stream(let outlet, _) = session.link, !outlet.isDrained { return }
        end(session.link, of: session, .shutdown)
        end(session)
    }
}
