import NIOCore

/// A reply as a client reads it. [CTL-46] [CTL-114]
public struct Reply: Hashable, Sendable {
    /// A recipient that an event of Orbit 1.1 did not reach. [CTL-119]
    public struct Fate: Hashable, Sendable {
        /// The number of its fate; the registry has them all, a later server may have others.
        public var code: Int
        /// The name of its fate, such as `expired`.
        public var name: String
        /// The recipient, as it stands between the parentheses.
        public var key: String

        /// Creates a fate.
        public init(code: Int, name: String, key: String) {
            self.code = code
            self.name = name
            self.key = key
        }
    }

    /// Whether it is a `Success`.
    public var isSuccess: Bool
    /// The id of the frame it answers; `nil` when the server could not read it. [CTL-51]
    public var id: String?
    /// The `msg` of a failure, empty if there was none.
    public var message: String
    /// The number of a failure's `code`, if it has one; the hundreds alone tell whether a retry can help. [CTL-49]
    public var code: Int?
    /// The name behind it, if there is one.
    public var codeName: String?
    /// The recipients that were not reached, as they stand between the parentheses: of either version. [CTL-48]
    public var unreached: [String]
    /// The same with their fates, in Orbit 1.1 alone.
    public var fates: [Fate] = []
    /// How many recipients were reached, in Orbit 1.1 alone. [CTL-118]
    public var reached: Int?
    /// How many sessions a `Close` ended. [CTL-150]
    public var closed: Int?
    /// How many keys the body of a `List` has. [CTL-148]
    public var keys: Int?
    /// Whether there are more keys than that. [CTL-149]
    public var hasMore: Bool?
    /// How many notices `Present` follow. [CTL-140]
    public var present: Int?
    /// Where a watch begins. [CTL-139]
    public var epoch: String?
    /// See ``epoch``.
    public var sequence: UInt64?
    /// Whether a watch goes on where an earlier one ended. [CTL-141]
    public var isResumed: Bool?
    /// What follows the head, if it has a `length`.
    public var body: ByteBuffer?

    /// Creates a reply.
    public init(
        isSuccess: Bool, id: String? = nil, message: String = "", code: Int? = nil, unreached: [String] = []
    ) {
        self.isSuccess = isSuccess
        self.id = id
        self.message = message
        self.code = code
        self.unreached = unreached
    }
}

/// What a server sends on the control wire.
public enum ServerMessage: Hashable, Sendable {
    /// The answer to a frame.
    case reply(Reply)
    /// News for a watch.
    case notice(Notice, watch: String, epoch: String)
}
