import NIOCore
import OrbitedWire

/// Browsers come, write off what they owed, and go.
extension Shard {
    /// Connects an outlet to the session of its key, which begins now if there is none.
    ///
    /// What waits is written at once, after what the browser has missed. A stream takes the place of what held the
    /// session before; a poll queues beside other polls. [BRW-62] [BRW-63] When the session lives on another shard, it
    /// moves here.
    public func attach(_ outlet: any Outlet, key: ConnectionKey, comeback: Comeback = .anew, now: NIODeadline) {
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
        case (.stream, let former), (.batch, let former):
            session.link = .stream(outlet)
            session.lastWrite = now
            end(former, of: session, former.endReason(for: newcomer))
        }
        session.comeback = comeback
        session.mark = nil
        session.tellsAtOnce = false
        if !session.isArriving { comeBack(to: session, on: outlet, now: now) }
        let mark = outlet.kind == .stream ? session.takeMark() : nil
        if let mark { session.progress.told(mark) }
        switch outlet.begin(at: mark) {
        case .written, .partly: break
        case .finished, .failed: detach(outlet, from: session, now: now)
        }
        flush(session, now: now)
        sendReports()
    }

    /// Carries out what the outlet's browser said of the events it has seen.
    func comeBack(to session: Session, on outlet: any Outlet, now: NIODeadline) {
        let (confirmed, unconfirmed) = session.comeBack(epoch: switchboard.epoch, limits: limits, now: now)
        confirm(confirmed, of: session)
        for delivery in unconfirmed { fail(delivery, .unconfirmed, of: session) }
        if !outlet.hasCursors { session.mark = nil }
    }

    /// All that the outlet was given has left for the socket.
    public func outletDrained(_ outlet: any Outlet, now: NIODeadline) {
        guard let session = outlet.session else { return }
        let deliveries = takeInFlight(outlet)
        reach(deliveries, through: outlet, of: session, now: now)
        if outlet.kind != .stream, !deliveries.isEmpty { detach(outlet, from: session, now: now) }
        if case .stream(let current) = session.link, current === outlet { session.lastWrite = now }
        settle(session, now: now)
        sendReports()
    }

    /// The outlet's connection has closed.
    public func outletClosed(_ outlet: any Outlet, now: NIODeadline) {
        if !dormant.isEmpty { dormant.removeAll { $0.outlet === outlet } }
        guard let session = outlet.session else { return }
        let deliveries = takeInFlight(outlet)
        detach(outlet, from: session, now: now)
        retry(deliveries, on: session)
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
        case .stream(let current):
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
        case .stream(let outlet):
            let deliveries = takeInFlight(outlet)
            release(outlet, reason)
            // No socket has failed, so that this is no try. [BRW-92]
            session.waiting.putBack(deliveries)
        case .polls(let polls):
            for poll in polls { release(poll.outlet, reason) }
        }
    }

    /// Lets go of an outlet and ends it.
    func release(_ outlet: any Outlet, _ reason: EndReason) {
        outlet.session = nil
        outlet.end(reason)
    }

    /// Takes what is partly written off an outlet.
    func takeInFlight(_ outlet: any Outlet) -> [Delivery] {
        let deliveries = outlet.inFlight
        guard !deliveries.isEmpty else { return [] }
        outlet.inFlight = []
        if outlet.kind == .poll { outlet.session?.sending = nil }
        return deliveries
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
        let (isMoving, birth) = switchboard.claim(key, for: place, newcomer: newcomer)
        let session = Session(
            key: key, slot: slot, isArriving: isMoving, birth: birth, awayUntil: now + limits.grace)
        sessions[Int(slot.index)] = session
        matcher.insert(key, at: slot.index)
        return session
    }
}

extension Session.Link {
    /// The outlet that came last.
    var newest: (any Outlet)? {
        switch self {
        case .away: nil
        case .stream(let outlet): outlet
        case .polls(let polls): polls.last?.outlet
        }
    }

    /// Why the newcomer ends what holds the session. [BRW-62] [BRW-65]
    func endReason(for newcomer: Newcomer) -> EndReason {
        switch self {
        case .away: .switched
        case .stream(let outlet): outlet.transport == newcomer.transport ? .replaced : .switched
        case .polls(let polls): polls.first?.outlet.transport == newcomer.transport ? .replaced : .switched
        }
    }
}
