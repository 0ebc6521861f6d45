import OrbitedWire

/// How large things may be, and how many. The first four are settings of the server; raise them only together with those.
public struct ClientLimits: Hashable, Sendable {
    /// Bytes in one line, without its end. Default 8,192 (`control.line`).
    public var line = ControlLimits().line
    /// Recipients of one call. Default 100,000 (`control.recipients`).
    public var recipients = ControlLimits().recipients
    /// Bytes in one body. Default 1,048,576 (`control.body`).
    public var body = ControlLimits().body
    /// Bytes in all lines of one call. Default 16,777,216 (`control.head`).
    public var head = ControlLimits().head
    /// Calls that are sent and not yet answered; others wait in the queue. Default 5,000. It has to stay below the server's
    /// `control.in_flight`, 10,000, at which the server stops to read, a `Ping` included. [CTL-88]
    public var inFlight = 5_000
    /// Bytes of calls that are sent and not yet answered; a larger call goes alone. Default 16,777,216, below the server's
    /// `control.in_flight_bytes`, 67,108,864. [CTL-88]
    public var inFlightBytes = 16_777_216
    /// Bytes in one reply; one that is larger ends the connection. Default 67,108,864: a failure that names 100,000
    /// recipients.
    public var reply = ReplyDecoder.defaultLimit
    /// Bytes that are handed to the connection before the system's socket has taken them; beyond it calls wait in the
    /// queue. Default 262,144.
    public var unsent = 262_144

    /// Creates limits with their defaults.
    public init() {}

    /// For what was checked already.
    static let boundless = {
        var limits = ClientLimits()
        (limits.line, limits.recipients, limits.body, limits.head) = (.max, .max, .max, .max)
        return limits
    }()

    func check() {
        let all = [line, recipients, body, head, inFlight, inFlightBytes, reply, unsent]
        precondition(all.allSatisfy { $0 > 0 }, "a limit is 1 or more")
    }

    /// - Parameter what: unit and thing, such as "bytes in the body".
    static func check(_ size: Int, _ most: Int, _ what: @autoclosure () -> String) throws(OrbitedError) {
        guard size > most else { return }
        throw OrbitedError(.limitExceeded, "\(size) \(what()): at most \(most) are allowed")
    }
}
