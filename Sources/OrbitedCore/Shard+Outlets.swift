import NIOCore
import OrbitedWire

/// Browsers come, write off what they owed, and go.
extension Shard {
    /// Connects an outlet to the session of its key, which begins now if there is none.
    ///
    /// What waits is written at once. A stream takes the place of what held the session before; a poll queues beside
    /// other polls. [BRW-62] [BRW-63] When the session lives on another shard, it moves here.
    public func attach(_ outlet: any Outlet, key: ConnectionKey, now: NIODeadline) {
        guard !isClosing else { return outlet.end(.shutdown) }
        let newcomer = Newcomer(kind: outlet.kind, transport: outlet.transport)
        let session = residentSession(key, newcomer: newcomer, now: now)
        outlet.session = session
        switch (outlet.kind, session.link) {
        case (.poll, .polls(var polls)):
            polls.append(Session.Poll(outlet: outlet, opened: now))
            if polls.count > limits.maxPolls, let oldest = polls.popFirst() { release(oldest.outlet, .timeout) }
            session.link = .polls(polls)
        case (.poll, let former):
            session.link = .polls([Session.Poll(outlet: outlet, opened: now)])
            end(former, of: session, former.endReason(for: newcomer))
        case (.stream, let former):
            session.link = .stream(outlet, lastWrite: now)
            end(former, of: session, former.endReason(for: newcomer))
        }
        switch outlet.begin() {
        case .written, .partly: break
        case .finished, .failed: detach(outlet, from: session, now: now)
        }
        flush(session, now: now)
        sendReports()
    }

    /// All that the outlet was given has left for the socket.
    public func outletDrained(_ outlet: any Outlet, now: NIODeadline) {
        guard let session = outlet.session else { return }
        if let delivery = takeInFlight(outlet) {
            reports.add(reached: 1, of: delivery.event)
            if outlet.kind == .poll { detach(outlet, from: session, now: now) }
        }
        if case .stream(let current, _) = session.link, current === outlet {
            session.link = .stream(outlet, lastWrite: now)
        }
        settle(session, now: now)
        sendReports()
    }

    /// The outlet's connection has closed.
    public func outletClosed(_ outlet: any Outlet, now: NIODeadline) {
        if !dormant.isEmpty { dormant.removeAll { $0.outlet === outlet } }
        guard let session = outlet.session else { return }
        let delivery = takeInFlight(outlet)
        detach(outlet, from: session, now: now)
        if let delivery { retry(delivery, on: session) }
        settle(session, now: now)
        sendReports()
    }

    /// Goes on after an outlet's doings: writes what waits, or lets the session go where it is awaited.
    func settle(_ session: Session, now: NIODeadline) {
        if session.onward != nil { moveOn(session, now: now) } else { flush(session, now: now) }
        if isClosing, isResident(session) { closeIfIdle(session) }
    }

    /// Takes an outlet off its session, which is away from now on if that was the last one. [BRW-50] [BRW-51]
    func detach(_ outlet: any Outlet, from session: Session, now: NIODeadline) {
        outlet.session = nil
        switch session.link {
        case .away:
            session.link = .away(until: now + limits.grace)
        case .stream(let current, _):
            if current === outlet { session.link = .away(until: now + limits.grace) }
        case .polls(var polls):
            polls.removeAll { $0.outlet === outlet }
            session.link = polls.isEmpty ? .away(until: now + limits.grace) : .polls(polls)
        }
        schedule(session)
    }

    /// Ends what held the session before; what it had partly written goes to the newcomer.
    func end(_ former: Session.Link, of session: Session, _ reason: EndReason) {
        switch former {
        case .away:
            break
        case .stream(let outlet, _):
            let delivery = takeInFlight(outlet)
            release(outlet, reason)
            // No socket has failed, so that this is no try. [BRW-92]
            if let delivery { session.putBack(delivery) }
        case .polls(let polls):
            for poll in polls { release(poll.outlet, reason) }
        }
    }

    /// Lets go of an outlet and ends it.
    func release(_ outlet: any Outlet, _ reason: EndReason) {
        outlet.session = nil
        outlet.end(reason)
    }

    /// Takes the partly written delivery off an outlet.
    func takeInFlight(_ outlet: any Outlet) -> Delivery? {
        guard let delivery = outlet.inFlight else { return nil }
        outlet.inFlight = nil
        if outlet.kind == .poll { outlet.session?.sending = nil }
        return delivery
    }

    /// The key's session, if need be a new one.
    private func residentSession(_ key: ConnectionKey, newcomer: Newcomer, now: NIODeadline) -> Session {
        if let slot = switchboard.slot(of: key, on: index), let session = session(at: slot) { return session }
        let slot: Slot
        if let index = vacant.popLast() {
            slot = Slot(index: index, generation: generations[Int(index)])
        } else {
            slot = Slot(index: UInt32(sessions.count), generation: 0)
            sessions.append(nil)
            generations.append(0)
        }
        let place = Place(shard: index, slot: slot)
        let isArriving = switchboard.claim(key, for: place, newcomer: newcomer)
        let session = Session(key: key, slot: slot, isArriving: isArriving, awayUntil: now + limits.grace)
        sessions[Int(slot.index)] = session
        return session
    }
}

extension Session.Link {
    /// Why the newcomer ends what holds the session. [BRW-62] [BRW-65]
    func endReason(for newcomer: Newcomer) -> EndReason {
        switch self {
        case .away: .switched
        case .stream(let outlet, _): outlet.transport == newcomer.transport ? .replaced : .switched
        case .polls(let polls): polls.first?.outlet.transport == newcomer.transport ? .replaced : .switched
        }
    }
}
