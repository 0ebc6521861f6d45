import NIOCore

/// Notices a peer that takes nothing, though bytes wait for it. Asked now and then; no clock of its own.
struct StallWatch {
    private var pending = 0
    private var since: NIODeadline?

    /// Whether the peer has taken nothing for as long as the limit.
    ///
    /// - Parameters:
    ///   - pending: how many bytes wait for it now.
    mutating func isStalled(pending: Int, now: NIODeadline, limit: TimeAmount) -> Bool {
        defer { self.pending = pending }
        guard pending > 0 else {
            since = nil
            return false
        }
        guard let since, pending >= self.pending else {
            self.since = now
            return false
        }
        return since + limit <= now
    }
}

extension Channel {
    /// How many bytes have been written to the channel, and have not left for the socket. Call it on the loop.
    var pendingBytes: Int {
        let pending = try? syncOptions?.getOption(.bufferedWritableBytes)
        return pending ?? 0
    }
}
