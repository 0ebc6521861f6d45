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
        /// One stream; it was last written at that time.
        case stream(any Outlet, lastWrite: NIODeadline)
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
    var link: Link
    /// Events that wait, oldest first.
    private(set) var waiting: Deque<Delivery> = []
    private var waitingBytes = 0
    /// The poll that is being answered. Nothing else is written meanwhile, so that order is kept. [BRW-61]
    var sending: Sending?
    /// What waited in the session's former place has not arrived yet.
    var isArriving: Bool
    /// The key belongs to another place already; the session follows once nothing is on its way to it or from it.
    var onward: Onward?
    /// The time for which the shard has an entry in its deadlines.
    var scheduled = NIODeadline.distantFuture

    init(key: ConnectionKey, slot: Slot, isArriving: Bool, awayUntil: NIODeadline) {
        self.key = key
        self.slot = slot
        self.isArriving = isArriving
        self.link = .away(until: awayUntil)
    }

    /// Lets a delivery wait behind the others; answers whether there was room. [BRW-56]
    func enqueue(_ delivery: Delivery, limits: SessionLimits) -> Bool {
        let size = delivery.event.body.readableBytes
        guard waiting.count < limits.maxWaiting, waitingBytes + size <= limits.maxWaitingBytes else { return false }
        waitingBytes += size
        waiting.append(delivery)
        return true
    }

    /// Lets a delivery wait before the others: it had its place already, so that the bounds don't apply. [CTL-54]
    func putBack(_ delivery: Delivery) {
        waitingBytes += delivery.event.body.readableBytes
        waiting.prepend(delivery)
    }

    /// Lets what waited in the session's former place wait before what came here since; answers what is too much of
    /// the latter, last one first. [BRW-56]
    func takeIn(_ deliveries: [Delivery], limits: SessionLimits) -> [Delivery] {
        var newer = waiting.count
        waitingBytes += deliveries.reduce(0) { $0 + $1.event.body.readableBytes }
        waiting.prepend(contentsOf: deliveries)
        var excess: [Delivery] = []
        while newer > 0, waiting.count > limits.maxWaiting || waitingBytes > limits.maxWaitingBytes {
            guard let last = waiting.popLast() else { break }
            waitingBytes -= last.event.body.readableBytes
            excess.append(last)
            newer -= 1
        }
        return excess
    }

    /// Takes the delivery that waited longest.
    func dequeue() -> Delivery? {
        guard let delivery = waiting.popFirst() else { return nil }
        waitingBytes -= delivery.event.body.readableBytes
        return delivery
    }

    /// Takes all that wait.
    func dequeueAll() -> [Delivery] {
        defer {
            waiting = []
            waitingBytes = 0
        }
        return Array(waiting)
    }

    /// The outlet that takes the next event now, if one does. A poll is taken off the link by this.
    func takeReadyOutlet(graceEnd: NIODeadline) -> (any Outlet)? {
        guard !isArriving, sending == nil else { return nil }
        switch link {
        case .away:
            return nil
        case .stream(let outlet, _):
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
        guard let sending else { return linkDeadline(limits) }
        let stall = sending.lastProgress + limits.writeTimeout
        return linkDeadline(limits).map { min($0, stall) } ?? stall
    }

    private func linkDeadline(_ limits: SessionLimits) -> NIODeadline? {
        switch link {
        case .away(let until):
            // What is still arriving, or on its way out, decides first.
            return isArriving || sending != nil ? nil : until
        case .stream(let outlet, let lastWrite):
            if !outlet.isDrained { return lastWrite + limits.writeTimeout }
            return outlet.hasHeartbeat ? lastWrite + limits.heartbeat : nil
        case .polls(let polls):
            return polls.first.map { $0.opened + limits.pollTimeout }
        }
    }
}
