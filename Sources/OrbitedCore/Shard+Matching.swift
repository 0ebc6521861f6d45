import OrbitedWire

/// Events that go to all whom a pattern stands for. [CTL-121]
extension Shard {
    /// The sessions here that the event's patterns stand for, each once, and not those that it names.
    func matches(_ event: Event, beside named: [Target]) -> [Target] {
        guard !event.patterns.isEmpty else { return [] }
        var targets: [Target] = []
        var taken: Set<UInt32> = Set(named.map(\.slot.index))
        let isOverlapping = event.patterns.count > 1 || !named.isEmpty
        for pattern in event.patterns {
            for index in matcher.candidates(for: pattern) ?? Array(sessions.indices.lazy.map(UInt32.init)) {
                guard let session = sessions[Int(index)], isDue(event, at: session), pattern.matches(session.key)
                else { continue }
                if isOverlapping, !taken.insert(index).inserted { continue }
                targets.append(Target(slot: session.slot, recipient: Delivery.matched))
            }
        }
        reports.add(matched: targets.count, of: event)
        return targets
    }

    /// Whether the session was here when the event was published, and still is: one that has moved on gets it in its new
    /// place, and one that came later gets it in its former place, or not at all. One that has been closed is not there any
    /// more. [CTL-122]
    private func isDue(_ event: Event, at session: Session) -> Bool {
        session.onward == nil && session.closure == nil && event.serial > session.progress.position
    }
}
