import CPrefetch

/// The sessions of a list are asked from memory some turns before their own.
///
/// Until then the system's work for other sockets takes all room in the caches. One line after the other, waiting for
/// them took longer than all that is done with them.
extension Shard {
    /// How many turns ahead a session is fetched, and, once that is there, what it holds.
    private static let aheadForSession = 6
    private static let aheadForParts = 3
    /// The lines of 64 bytes that a session, and what an outlet is asked for event by event, take.
    private static let linesOfSession = 3
    private static let linesOfOutlet = 2

    /// Hands out the members of a list one by one.
    ///
    /// - Parameter slot: where a member's session is, if it has one.
    func forEach<Member>(of list: [Member], slot: (Member) -> UInt32?, _ body: (Member) -> Void) {
        func fetchSession(_ index: Int) {
            if index < list.count, let slot = slot(list[index]) { self.fetchSession(slot) }
        }
        func fetchParts(_ index: Int) {
            if index < list.count, let slot = slot(list[index]) { self.fetchParts(slot) }
        }
        for index in 0..<Self.aheadForSession { fetchSession(index) }
        for index in 0..<Self.aheadForParts { fetchParts(index) }
        for index in list.indices {
            fetchSession(index + Self.aheadForSession)
            fetchParts(index + Self.aheadForParts)
            body(list[index])
        }
    }

    private func fetchSession(_ slot: UInt32) {
        guard let session = unmanaged(slot) else { return }
        fetch(UnsafeRawPointer(session.toOpaque()), lines: Self.linesOfSession)
    }

    private func fetchParts(_ slot: UInt32) {
        unmanaged(slot)?._withUnsafeGuaranteedRef { session in
            if let outlet = session.outletAddress { fetch(outlet, lines: Self.linesOfOutlet) }
            orbited_prefetch(session.progress.sentAddress)
            orbited_prefetch(session.key.bytes.withUnsafeBytes(\.baseAddress))
        }
    }

    /// The session of a slot, of which nobody counts a reference: that would mean to wait for its memory.
    private func unmanaged(_ slot: UInt32) -> Unmanaged<Session>? {
        sessions.withUnsafeBytes { sessions in
            let address = sessions.load(
                fromByteOffset: Int(slot) * MemoryLayout<Session?>.stride, as: UnsafeRawPointer?.self)
            return address.map { Unmanaged.fromOpaque($0) }
        }
    }

    private func fetch(_ object: UnsafeRawPointer, lines: Int) {
        for line in 0..<lines { orbited_prefetch(object + 64 * line) }
    }
}

extension Session.Link {
    /// Where the object of its stream is.
    var outletAddress: UnsafeRawPointer? {
        guard case .stream(let outlet) = self else { return nil }
        return UnsafeRawPointer(Unmanaged.passUnretained(outlet as AnyObject).toOpaque())
    }
}

extension Mail {
    /// Where the session is of an event for one recipient.
    var onlyRecipient: UInt32? {
        guard case .delivery(_, let target) = self else { return nil }
        return target.slot.index
    }
}
