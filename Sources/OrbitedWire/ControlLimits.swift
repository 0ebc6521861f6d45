/// The bounds on one frame of the control wire. The defaults are those of `protocol/registry.json`.
public struct ControlLimits: Sendable, Equatable {
    /// The longest line, in bytes without its line end; beyond it 201. Default 8,192.
    public var line: Int
    /// How many headers besides recipients a frame may have; beyond it 202. Default 64.
    public var headers: Int
    /// How many recipients a frame may name; beyond it 203. Default 100,000.
    public var recipients: Int
    /// The largest body in bytes; beyond it 204. Default 1 MiB.
    public var body: Int
    /// How many bytes the lines of a frame's head may have, line ends included; beyond it 205. Default 16 MiB.
    public var head: Int
    /// The longest id in bytes; beyond it 105. Fixed by the specification at 255.
    public static let id = 255
    /// The largest `length` that can be read at all, 2^53 − 1; beyond it 108.
    public static let length = 9_007_199_254_740_991

    /// How many keys a `List` answers if it names no limit, and the highest limit that it may name. [CTL-149]
    public static let defaultList = 10_000
    /// See ``defaultList``.
    public static let maxList = 100_000
    /// The longest reason of a `Close` in bytes. [CTL-151]
    public static let reason = 100
    /// How many watches a connection may have; beyond it 206. [CTL-146]
    public static let watches = 100
    /// How many notices are known for those who come back, and how many may wait for a client; beyond it 404. [CTL-142]
    public static let notices = 10_000
    /// The same in bytes, 16 MiB; a notice may name many events. [CTL-142] [CTL-147]
    public static let noticeBytes = 16_777_216

    /// Creates limits; what is left out keeps its default.
    public init(
        line: Int = 8_192, headers: Int = 64, recipients: Int = 100_000, body: Int = 1_048_576,
        head: Int = 16_777_216
    ) {
        self.line = line
        self.headers = headers
        self.recipients = recipients
        self.body = body
        self.head = head
    }
}
