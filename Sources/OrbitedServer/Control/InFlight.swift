import OrbitedCore
import OrbitedWire

/// The events of one control connection whose fate is not known whole.
struct InFlight {
    /// An event that was taken.
    struct Entry {
        /// The name under which its fate is told.
        let id: String
        /// Whether its reply tells the reasons, as in Orbit 1.1.
        let hasReasons: Bool
        var receipt: Receipt
    }

    private var entries: [UInt64: Entry] = [:]
    private var last: UInt64 = 0
    /// About how many bytes they take: bodies and recipients.
    private(set) var bytes = 0

    /// How many there are.
    var count: Int { entries.count }

    /// A number that no other event of the connection has had.
    var nextNumber: UInt64 {
        mutating get {
            last += 1
            return last
        }
    }

    /// Keeps an event until its receipt is complete.
    mutating func add(_ entry: Entry) {
        bytes += entry.receipt.size
        entries[entry.receipt.number] = entry
    }

    /// Takes a report; answers the event whose receipt it has made complete.
    mutating func take(_ report: Report) -> Entry? {
        guard let index = entries.index(forKey: report.number) else { return nil }
        entries.values[index].receipt.take(report)
        guard entries.values[index].receipt.isComplete else { return nil }
        let (_, done) = entries.remove(at: index)
        bytes -= done.receipt.size
        return done
    }
}

extension InFlight.Entry {
    /// The reply to an event whose receipt is complete. [CTL-34] [CTL-35] [CTL-118] [CTL-119]
    var reply: ControlReply {
        let fates = receipt.fates
        return switch (hasReasons, fates.isEmpty) {
        case (false, true): .success(id: id)
        case (false, false): .unreached(id: id, recipients: fates.map(\.key))
        case (true, true): .done(id: id, headers: [.init("reached", receipt.reached)])
        case (true, false):
            .fates(id: id, reached: receipt.reached, unreached: fates.map { ControlReply.Fate($0.key, $0.reason) })
        }
    }
}
