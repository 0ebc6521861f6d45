import NIOCore
import OrbitedWire

/// A session moves from one shard to another, because its browser connected to another loop. [BRW-61] [BRW-66]
extension Shard {
    /// Hands a session over: its key belongs to another place already.
    func surrender(_ slot: Slot, to place: Place, newcomer: Newcomer, now: NIODeadline) {
        guard let session = session(at: slot) else {
            return switchboard.post(.arrival(place.slot, nil), to: place.shard)
        }
        session.onward = Session.Onward(place: place, newcomer: newcomer)
        moveOn(session, now: now)
    }

    /// Takes what the session had in its former place; what waited goes before what came here since.
    func arrive(_ luggage: Luggage?, at slot: Slot, now: NIODeadline) {
        guard let session = session(at: slot) else {
            // The session ended here meanwhile, since the server shuts down.
            guard let luggage else { return }
            for delivery in luggage.progress.sent + luggage.waiting { fail(delivery, .unreachable, key: luggage.key) }
            return
        }
        session.isArriving = false
        if let luggage {
            for delivery in session.takeIn(luggage, limits: limits) { fail(delivery, .overflow, of: session) }
        }
        confirm(session.acknowledge(session.acknowledgedMeanwhile), of: session)
        if let reason = session.closure { return close(slot, reason: reason, now: now) }
        if session.onward == nil, let outlet = session.link.newest { comeBack(to: session, on: outlet, now: now) }
        settle(session, now: now)
    }

    /// Lets a session go where it is awaited, unless something is still on its way to it, or to its browser: what
    /// came first stays first.
    func moveOn(_ session: Session, now: NIODeadline) {
        guard let onward = session.onward else { return }
        letGo(of: session, newcomer: onward.newcomer, now: now)
        guard !session.isArriving, session.sending == nil else { return schedule(session) }
        let luggage = Luggage(key: session.key, waiting: session.waiting.popAll(), progress: session.progress)
        switchboard.post(.arrival(onward.place.slot, luggage), to: onward.place.shard)
        vacate(session)
    }

    /// Ends the outlets of a session that moves. Polls that wait beside a new poll elsewhere sleep first: were they
    /// answered at once, two browsers' polls would chase each other round the loops. [BRW-91]
    private func letGo(of session: Session, newcomer: Newcomer, now: NIODeadline) {
        let former = session.link
        if newcomer.kind == .poll, case .polls(let polls) = former {
            for poll in polls { sleep(poll, now: now) }
        } else {
            end(former, of: session, former.endReason(for: newcomer))
        }
        session.link = .away(until: now + limits.grace)
    }

    /// Lets a poll sleep for half a grace: its browser is back before the session can end for want of the others.
    private func sleep(_ poll: Session.Poll, now: NIODeadline) {
        poll.outlet.session = nil
        let nap = TimeAmount.nanoseconds(limits.grace.nanoseconds / 2)
        let sleeper = Sleeper(outlet: poll.outlet, wakes: min(now + nap, poll.opened + limits.pollTimeout))
        let before = dormant.lastIndex { $0.wakes <= sleeper.wakes }
        dormant.insert(sleeper, at: before.map { $0 + 1 } ?? 0)
    }
}

/// A poll that gets no events, and is answered empty when its time has come.
struct Sleeper {
    let outlet: any Outlet
    let wakes: NIODeadline
}
