import OrbitedWire

/// Knows the sessions of a shard by user and by location, so that a pattern finds its own without a look at the others.
///
/// Sessions with the same field hang together in a chain, by their slots: eight bytes a session and field, and nothing
/// is searched for when one ends.
struct SessionMatcher {
    private var users = Chains()
    private var locations = Chains()

    mutating func insert(_ key: ConnectionKey, at slot: UInt32) {
        users.insert(slot, Self.hash(key.userBytes))
        locations.insert(slot, Self.hash(key.locationBytes))
    }

    mutating func remove(_ key: ConnectionKey, at slot: UInt32) {
        users.remove(slot, Self.hash(key.userBytes))
        locations.remove(slot, Self.hash(key.locationBytes))
    }

    /// The slots among which are all that the pattern stands for; nil if that may be any.
    func candidates(for pattern: KeyPattern) -> [UInt32]? {
        if let user = pattern.user { return users.chain(Self.hash(user[...])) }
        return pattern.location.map { locations.chain(Self.hash($0[...])) }
    }

    /// FNV-1a: two fields of one hash share a chain, which costs a comparison.
    private static func hash(_ field: ArraySlice<UInt8>) -> UInt32 {
        field.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }
}

/// Doubly linked lists of slots, one for each hash.
private struct Chains {
    private struct Link {
        var previous = Self.none
        var next = Self.none
        static let none = UInt32.max
    }

    private var heads: [UInt32: UInt32] = [:]
    private var links: [Link] = []

    mutating func insert(_ slot: UInt32, _ hash: UInt32) {
        while links.count <= Int(slot) { links.append(Link()) }
        let next = heads.updateValue(slot, forKey: hash)
        links[Int(slot)] = Link(next: next ?? Link.none)
        if let next { links[Int(next)].previous = slot }
    }

    mutating func remove(_ slot: UInt32, _ hash: UInt32) {
        let link = links[Int(slot)]
        if link.next != Link.none { links[Int(link.next)].previous = link.previous }
        if link.previous != Link.none {
            links[Int(link.previous)].next = link.next
        } else {
            heads[hash] = link.next == Link.none ? nil : link.next
        }
        links[Int(slot)] = Link()
    }

    func chain(_ hash: UInt32) -> [UInt32] {
        var slots: [UInt32] = []
        var slot = heads[hash] ?? Link.none
        while slot != Link.none {
            slots.append(slot)
            slot = links[Int(slot)].next
        }
        return slots
    }
}
