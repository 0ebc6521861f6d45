import OrbitedCore

/// The events of one control connection whose fate is not known whole.
struct InFlight {
    private var receipts: [UInt64: (id: String, receipt: Receipt)] = [:]
    private var last: UInt64 = 0
    /// About how many bytes they take: bodies and recipients.
    private(set) var bytes = 0

    /// How many there are.
    var count: Int { receipts.count }

    /// A number that no other event of the connection has had.
    var nextNumber: UInt64 {
        mutating get {
            last += 1
            return last
        }
    }

    /// Keeps a receipt until it is complete.
    mutating func add(_ receipt: Receipt, id: String) {
        bytes += receipt.size
        receipts[receipt.number] = (id, receipt)
    }

    /// Takes a report; answers the receipt that it has made complete, with the id to tell it under.
    mutating func take(_ report: Report) -> (id: String, receipt: Receipt)? {
        guard let index = receipts.index(forKey: report.number) else { return nil }
        receipts.values[index].receipt.take(report)
        guard receipts.values[index].receipt.isComplete else { return nil }
        let (_, done) = receipts.remove(at: index)
        bytes -= done.receipt.size
        return done
    }
}
