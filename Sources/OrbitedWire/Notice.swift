import NIOCore

/// News of a session: one is there, has begun, or has ended. [CTL-143]
public struct Notice: Hashable, Sendable {
    /// What happened.
    public enum News: Hashable, Sendable {
        /// The session was there already when the watch began.
        case present
        /// It has begun.
        case signon
        /// It has ended.
        case signoff(Signoff)
    }

    /// How a session ended. [CTL-144]
    public struct Signoff: Hashable, Sendable {
        /// Why a session ended; a later server may have other reasons.
        public struct Reason: RawRepresentable, Hashable, Sendable {
            /// As it stands on the wire.
            public let rawValue: String

            /// Creates a reason.
            public init(rawValue: String) { self.rawValue = rawValue }

            /// Its browser did not come back within the grace.
            public static let expired = Reason(rawValue: "expired")
            /// An application closed it.
            public static let closed = Reason(rawValue: "closed")
            /// More events came than may wait for its browser. [BRW-138]
            public static let overflow = Reason(rawValue: "overflow")
            /// The server shuts down.
            public static let shutdown = Reason(rawValue: "shutdown")
        }

        /// Why it ended.
        public var reason: Reason
        /// The ids of events that it never got, in order.
        public var missed: [String]
        /// The ids of events that it may not have got, in order.
        public var unconfirmed: [String]

        /// How many ids of each kind are told.
        public static let most = 1_000

        /// Creates an end.
        public init(reason: Reason, missed: [String] = [], unconfirmed: [String] = []) {
            self.reason = reason
            self.missed = missed
            self.unconfirmed = unconfirmed
        }
    }

    /// Its number among all of the server.
    public var sequence: UInt64
    /// Whose session it is.
    public var key: ConnectionKey
    /// What happened.
    public var news: News

    /// Creates a notice.
    public init(sequence: UInt64, key: ConnectionKey, news: News) {
        self.sequence = sequence
        self.key = key
        self.news = news
    }

    /// About how much memory it takes, in bytes: most of all the ids of events that a session never got.
    public var size: Int {
        let fixed = 128 + key.bytes.count
        guard case .signoff(let end) = news else { return fixed }
        return (end.missed + end.unconfirmed).reduce(fixed) { $0 + 16 + $1.utf8.count }
    }

    /// Writes it in its wire form.
    public func write(watch: String, epoch: String, into buffer: inout ByteBuffer) {
        buffer.writeString("\(word)\r\nwatch: \(watch)\r\nepoch: \(epoch)\r\nsequence: \(sequence)\r\nkey: (")
        buffer.writeBytes(key.bytes)
        buffer.writeStaticString(")\r\n")
        if case .signoff(let end) = news {
            buffer.writeString("reason: \(end.reason.rawValue)\r\n")
            for id in end.missed { buffer.writeString("missed: \(id)\r\n") }
            for id in end.unconfirmed { buffer.writeString("unconfirmed: \(id)\r\n") }
        }
        buffer.writeStaticString("\r\n")
    }

    private var word: String {
        switch news {
        case .present: "Present"
        case .signon: "Signon"
        case .signoff: "Signoff"
        }
    }
}
