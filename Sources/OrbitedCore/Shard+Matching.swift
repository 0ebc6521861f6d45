import OrbitedWire

/// Events that go to all whom a pattern stands for. [CTL-121]
extension Shard {
    /// Hands out the sessions here that the event's patterns stand for, each once, and not those that it names.
    func forEachMatch(of event: Event, beside named: [Target], _ body: (Session) -> Void) {
        var taken: Set<UInt32> = Set(named.lazy.map(\.slot.index))
        let isOverlapping = event.patterns.count > 1 || !named.isEmpty
        // Until now this shard stood for them.
        var excess = 1
        for pattern in event.patterns {
            let candidates = matcher.candidates(for: pattern) ?? Array(sessions.indices.lazy.map(UInt32.init))
            // All at first, so that the receipt is not complete before the last one's fate is told.
            reports.add(opened: candidates.count, of: event)
            forEach(of: candidates, slot: { $0 }) { slot in
                if let session = sessions[Int(slot)], isDue(event, at: session), pattern.matches(session.key),
                    !isOverlapping || taken.insert(slot).inserted
                {
                    body(session)
                } else {
                    excess += 1
                }
            }
        }
        reports.add(opened: -excess, of: event)
    }

    /// Whether the session was here when the event was published, and still is: one that has moved on gets it in its new
    /// place, and one that came later gets it in its former place, or not at all. One that has been closed is not there any
    /// more. [CTL-122]
    private func isDue(_ event: Event, at session: Session) -> Bool {
        session.onward == nil && session.closure == nil && event.serial > session.progress.position
    }
}
