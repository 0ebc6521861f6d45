import OrbitedClient

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What a page shows.
struct Figures: Encodable, Sendable {
    /// The keys that have a session, sorted; the first hundred.
    let here: [String]
    /// How many there are.
    let count: Int
    /// How many events have reached a page within the last second.
    let eventsPerSecond: Double
    /// How many sessions have begun and ended since the dashboard started.
    let signons, signoffs: Int
    /// The machine's load, of the last 1, 5 and 15 minutes.
    let load: [Double]
}

/// Counts what the notices and receipts tell.
actor Board {
    private static let most = 100

    private var here: Set<ConnectionKey> = []
    private var signons = 0
    private var signoffs = 0
    private var events = 0
    private var since = ContinuousClock.now

    func take(_ notice: WatchNotice) {
        switch notice {
        case .present(let key, _): here.insert(key)
        case .signon(let key, _):
            here.insert(key)
            signons += 1
        case .signoff(let key, _, _):
            here.remove(key)
            signoffs += 1
        // The present state follows.
        case .gap: here = []
        }
    }

    func delivered(_ count: Int) { events += count }

    func figures() -> Figures {
        let now = ContinuousClock.now
        defer { (events, since) = (0, now) }
        var load = [0.0, 0.0, 0.0]
        getloadavg(&load, CInt(load.count))
        return Figures(
            here: Array(here.map(\.description).sorted().prefix(Self.most)), count: here.count,
            eventsPerSecond: Double(events) / max((now - since) / .seconds(1), 0.001), signons: signons,
            signoffs: signoffs, load: load)
    }
}
