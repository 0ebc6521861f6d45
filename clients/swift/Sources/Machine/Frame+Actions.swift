import NIOCore
import OrbitedWire

/// One for each thing that a client can ask. What can't be sent throws, and nothing is sent.
extension Frame {
    static let ping: Frame = checked { () throws(OrbitedError) in try Frame(.ping) }

    static func event(
        to recipients: [Recipient], body: ByteBuffer, ack: Ack? = nil, ttl: Int? = nil,
        limits: ClientLimits = ClientLimits()
    ) throws(OrbitedError) -> Frame {
        var headers: [(name: StaticString, value: String)] = []
        if let ack { headers.append(("ack", ack.rawValue)) }
        if let ttl { headers.append(("ttl", try number("a time to live", ttl, 0...ControlLimits.length))) }
        return try Frame(.event, to: recipients, headers: headers, body: body, limits: limits)
    }

    static func auth(_ secret: ByteBuffer, limits: ClientLimits = ClientLimits()) throws(OrbitedError) -> Frame {
        try Frame(.auth, body: secret, limits: limits)
    }

    /// - Parameter recipients: exactly one. [CTL-109]
    static func watch(
        _ recipients: [Recipient], state: Bool = false, since place: NoticePlace? = nil,
        limits: ClientLimits = ClientLimits()
    ) throws(OrbitedError) -> Frame {
        guard recipients.count == 1 else {
            throw OrbitedError(.invalidRecipient, "a watch is for one key or one pattern, not for \(recipients.count)")
        }
        var headers: [(name: StaticString, value: String)] = state ? [("state", "yes")] : []
        if let place {
            guard Cursor(place.epoch) != nil else {
                throw OrbitedError(.invalidValue, "\(place.epoch.prefix(200).debugDescription) is no epoch")
            }
            headers.append(("epoch", place.epoch))
            let sequence = Int(clamping: place.sequence)
            headers.append(("sequence", try number("a sequence", sequence, 0...ControlLimits.length)))
        }
        return try Frame(.watch, to: recipients, headers: headers, limits: limits)
    }

    /// - Parameter watch: the id of the frame that began it.
    static func unwatch(_ watch: String) -> Frame {
        checked { () throws(OrbitedError) in try Frame(.unwatch, watch: watch) }
    }

    static func list(
        _ recipients: [Recipient], limit: Int? = nil, limits: ClientLimits = ClientLimits()
    ) throws(OrbitedError) -> Frame {
        var headers: [(name: StaticString, value: String)] = []
        if let limit { headers.append(("limit", try number("a limit", limit, 1...ControlLimits.maxList))) }
        return try Frame(.list, to: recipients, headers: headers, limits: limits)
    }

    static func close(
        _ recipients: [Recipient], reason: String? = nil, limits: ClientLimits = ClientLimits()
    ) throws(OrbitedError) -> Frame {
        guard let reason else { return try Frame(.close, to: recipients, limits: limits) }
        guard (1...ControlLimits.reason).contains(reason.utf8.count),
            !reason.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D })
        else {
            throw OrbitedError(.invalidValue, "a reason is text of 1 to \(ControlLimits.reason) bytes in one line")
        }
        return try Frame(.close, to: recipients, headers: [("reason", reason)], limits: limits)
    }

    private static func number(
        _ what: String, _ value: Int, _ range: ClosedRange<Int>
    ) throws(OrbitedError) -> String {
        guard range.contains(value) else {
            throw OrbitedError(
                .invalidValue,
                "\(what) is a whole number from \(range.lowerBound) to \(range.upperBound), not \(value)")
        }
        return String(value)
    }

    /// A frame of which it is known that it can be sent: it has nothing that a caller gives, or that was checked.
    static func checked(_ make: () throws(OrbitedError) -> Frame) -> Frame {
        do {
            return try make()
        } catch {
            preconditionFailure("\(error)")
        }
    }
}
