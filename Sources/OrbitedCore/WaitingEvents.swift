import DequeModule
import OrbitedWire

/// The events of a session that wait for its browser, oldest first. [BRW-52] [BRW-53]
struct WaitingEvents {
    private(set) var deliveries: Deque<Delivery> = []
    private var bytes = 0

    var isEmpty: Bool { deliveries.isEmpty }
    var first: Delivery? { deliveries.first }

    /// Lets a delivery wait behind the others; answers whether there was room. [BRW-56]
    mutating func append(_ delivery: Delivery, limits: SessionLimits) -> Bool {
        let size = delivery.event.body.readableBytes
        guard deliveries.count < limits.maxWaiting, bytes + size <= limits.maxWaitingBytes else { return false }
        bytes += size
        deliveries.append(delivery)
        return true
    }

    /// Lets deliveries wait before the others: they had their place already, so that the bounds don't apply. [CTL-54]
    mutating func putBack(_ former: some Collection<Delivery>) {
        bytes += former.reduce(0) { $0 + $1.event.body.readableBytes }
        deliveries.prepend(contentsOf: former)
    }

    /// Lets what waited in the session's former place wait before what came here since; answers what is too much of
    /// the latter, last one first. [BRW-56]
    mutating func takeIn(_ former: Deque<Delivery>, limits: SessionLimits) -> [Delivery] {
        var newer = deliveries.count
        putBack(former)
        var excess: [Delivery] = []
        while newer > 0, deliveries.count > limits.maxWaiting || bytes > limits.maxWaitingBytes {
            guard let last = deliveries.popLast() else { break }
            bytes -= last.event.body.readableBytes
            excess.append(last)
            newer -= 1
        }
        return excess
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
