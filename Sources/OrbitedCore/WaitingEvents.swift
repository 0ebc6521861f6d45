import DequeModule
import NIOCore
import OrbitedWire

/// The events of a session that wait for its browser, oldest first. [BRW-52] [BRW-53]
struct WaitingEvents {
    private(set) var deliveries: Deque<Delivery> = []
    private var bytes = 0
    /// The earliest time at which one of them may wait no longer. [CTL-127]
    private(set) var soonest = NIODeadline.distantFuture

    var isEmpty: Bool { deliveries.isEmpty }
    var first: Delivery? { deliveries.first }

    /// Makes room for one more as far as the policy allows; answers what is given up for that, oldest first, or nil if
    /// there is no room. [BRW-56] [BRW-138]
    mutating func makeRoom(for delivery: Delivery, limits: SessionLimits) -> [Delivery]? {
        let size = delivery.event.body.readableBytes
        if hasRoom(for: size, limits) { return [] }
        guard limits.maxWaiting > 0, size <= limits.maxWaitingBytes else { return nil }
        switch limits.overflow {
        case .refuse, .disconnect: return nil
        case .conflate: return Array(popAll())
        case .dropOldest:
            var oldest: [Delivery] = []
            while !hasRoom(for: size, limits), let first = popFirst() { oldest.append(first) }
            return oldest
        }
    }

    private func hasRoom(for size: Int, _ limits: SessionLimits) -> Bool {
        deliveries.count < limits.maxWaiting && bytes + size <= limits.maxWaitingBytes
    }

    /// Lets a delivery wait behind the others, for which there is room.
    mutating func append(_ delivery: Delivery) {
        bytes += delivery.event.body.readableBytes
        deliveries.append(delivery)
        noteTime(of: delivery)
    }

    /// Lets deliveries wait before the others: they had their place already, so that the bounds don't apply. [CTL-54]
    mutating func putBack(_ former: some Collection<Delivery>) {
        bytes += former.reduce(0) { $0 + $1.event.body.readableBytes }
        for delivery in former { noteTime(of: delivery) }
        deliveries.prepend(contentsOf: former)
    }

    /// Lets what waited in the session's former place wait before what came here since; answers what is too much of
    /// both, by the policy. [BRW-56] [BRW-138]
    mutating func takeIn(_ former: Deque<Delivery>, limits: SessionLimits) -> [Delivery] {
        var newer = deliveries.count
        putBack(former)
        var excess: [Delivery] = []
        func isOver() -> Bool { deliveries.count > limits.maxWaiting || bytes > limits.maxWaitingBytes }
        while newer > 0, isOver() {
            switch limits.overflow {
            case .refuse, .disconnect:
                guard let last = popLast() else { return excess }
                excess.append(last)
                newer -= 1
            case .dropOldest:
                guard deliveries.count > 1, let first = popFirst() else { return excess }
                excess.append(first)
            case .conflate:
                guard let newest = popLast() else { return excess }
                excess = Array(popAll())
                append(newest)
            }
        }
        return excess
    }

    private mutating func popLast() -> Delivery? {
        guard let delivery = deliveries.popLast() else { return nil }
        bytes -= delivery.event.body.readableBytes
        return delivery
    }

    /// Takes the delivery that waited longest.
    mutating func popFirst() -> Delivery? {
        guard let delivery = deliveries.popFirst() else { return nil }
        bytes -= delivery.event.body.readableBytes
        return delivery
    }

    /// Takes those at the front which were to be sent again.
    mutating func popReached() -> [Delivery] {
        var reached: [Delivery] = []
        while let first, first.isReached, let delivery = popFirst() { reached.append(delivery) }
        return reached
    }

    /// The browser has these, though they were to be sent again, and will be: another page may lack them. Answers those
    /// whose fate hung on that.
    mutating func confirm(upTo serial: UInt64) -> [Delivery] {
        var confirmed: [Delivery] = []
        for index in deliveries.indices {
            guard deliveries[index].isReached, deliveries[index].serial <= serial else { break }
            guard deliveries[index].awaitsWord else { continue }
            confirmed.append(deliveries[index])
            deliveries[index].awaitsWord = false
        }
        return confirmed
    }

    /// Takes what one response can tell: up to the next gap, which needs a response of its own. [BRW-99]
    mutating func popBatch() -> [Delivery] {
        var batch: [Delivery] = []
        while let first, batch.isEmpty || first.gap != .owed, let delivery = popFirst() { batch.append(delivery) }
        return batch
    }

    /// Takes all.
    mutating func popAll() -> Deque<Delivery> {
        defer { self = WaitingEvents() }
        return deliveries
    }

    private mutating func noteTime(of delivery: Delivery) {
        if !delivery.isReached, let expires = delivery.event.expires { soonest = min(soonest, expires) }
    }

    /// Takes those that may wait no longer; the next one that stays tells of the loss. Answers the last of them, too, if
    /// none stays behind it.
    mutating func popExpired(_ now: NIODeadline) -> (expired: [Delivery], lastWithoutNext: Delivery?) {
        guard soonest <= now else { return ([], nil) }
        var expired: [Delivery] = []
        var last: Delivery?
        let all = popAll()
        for var delivery in all {
            if delivery.isExpired(now) {
                expired.append(delivery)
                last = delivery
            } else {
                if last.take() != nil { delivery.gap = .owed }
                bytes += delivery.event.body.readableBytes
                deliveries.append(delivery)
                noteTime(of: delivery)
            }
        }
        return (expired, last)
    }

    /// The first one tells of a loss before it.
    mutating func setFirstGap(_ gap: Delivery.Gap) {
        guard !deliveries.isEmpty else { return }
        deliveries[0].gap = gap
    }

    /// Another connection has to be told what the one before was told.
    mutating func oweGaps() {
        for index in deliveries.indices where deliveries[index].gap == .told { deliveries[index].gap = .owed }
    }
}
