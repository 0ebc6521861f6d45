import NIOCore
import OrbitedCore
import OrbitedWire

/// The watches of one control connection, by the ids of their frames. [CTL-138]
struct ControlWatches {
    private var watches: [String: WatchID] = [:]

    /// How many there are.
    var count: Int { watches.count }

    mutating func add(_ watch: WatchID, name: String) { watches[name] = watch }

    /// Takes one off, if there is one of that name.
    mutating func remove(_ name: String) -> WatchID? { watches.removeValue(forKey: name) }

    /// Writes what waits for them. One whose client was too slow ends after that. [CTL-147]
    mutating func write(from switchboard: Switchboard, into buffer: inout ByteBuffer) {
        let epoch = switchboard.epochText
        for (name, watch) in watches {
            let (notices, hasOverflowed) = switchboard.takeNotices(of: watch)
            for notice in notices { notice.write(watch: name, epoch: epoch, into: &buffer) }
            guard hasOverflowed else { continue }
            switchboard.unwatch(watch)
            watches[name] = nil
            let fault = ControlFault(.watchOverflow, limit: ControlLimits.notices)
            ControlReply.fault(id: name, fault).write(into: &buffer)
        }
    }

    /// Ends all of them.
    mutating func end(on switchboard: Switchboard) {
        for watch in watches.values { switchboard.unwatch(watch) }
        watches = [:]
    }
}
