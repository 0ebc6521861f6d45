import NIOCore

/// What a frame of Orbit 1.1 asks for that is no event. [CTL-104]
public enum ControlRequest: Hashable, Sendable {
    /// To be let in.
    case auth(secret: ByteBuffer)
    /// An answer.
    case ping
    /// Notices of those who come and go.
    case watch(WatchRequest)
    /// No more notices of the watch of that name.
    case unwatch(name: String)
    /// The keys that have a session; at most so many.
    case list(Recipients, limit: Int)
    /// The end of sessions; the reason is for their browsers.
    case close(Recipients, reason: String)
}

/// What a `Watch` asks for. [CTL-137]
public struct WatchRequest: Hashable, Sendable {
    /// Whose coming and going is to be told.
    public var recipients: Recipients
    /// Whether those who are there are to be told first. [CTL-140]
    public var wantsState: Bool
    /// The last notice that the client has had. [CTL-141]
    public var last: NoticePlace?

    /// Creates a request.
    public init(recipients: Recipients, wantsState: Bool = false, last: NoticePlace? = nil) {
        self.recipients = recipients
        self.wantsState = wantsState
        self.last = last
    }
}

/// The place of a notice among all of a server. [CTL-136]
public struct NoticePlace: Hashable, Sendable {
    /// Whose numbers they are.
    public var epoch: String
    /// The number.
    public var sequence: UInt64

    /// Creates a place.
    public init(epoch: String, sequence: UInt64) {
        self.epoch = epoch
        self.sequence = sequence
    }
}
