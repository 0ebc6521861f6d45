import NIOCore
import OrbitedWire

/// What a client asks of the server, but for its id. All but an `Event` is of Orbit 1.1.
///
///     Orbit 1.1
///     Event
///     id: 7
///     recipient: michael, 0, /chat      (one line each)
///     ack: browser                      (headers of the action)
///     length: 17                        (bytes of the body)
///
///     "Hello, browser!"
final class Frame: Sendable {
    enum Version: Sendable { case orbit10, orbit11 }

    let action: ControlAction
    let recipients: [Recipient]
    /// The watch that an `Unwatch` names.
    let watch: String?
    /// Whether a server of Orbit 1.0 would not do what it says. [CTL-155]
    let needs11: Bool
    /// All that comes behind the line with the id.
    private let rest: ByteBuffer
    /// The body; it is not copied before it is sent.
    private let body: ByteBuffer?

    /// The most bytes of the lines that are not in `rest`.
    private static let first = "Orbit 1.1\r\nUnwatch\r\nid: \r\n".utf8.count + ControlLimits.id

    init(
        _ action: ControlAction, to recipients: [Recipient] = [], headers: [(name: StaticString, value: String)] = [],
        watch: String? = nil, body: ByteBuffer? = nil, limits: ClientLimits = ClientLimits()
    ) throws(OrbitedError) {
        try ClientLimits.check(recipients.count, limits.recipients, "recipients")
        try ClientLimits.check(body?.readableBytes ?? 0, limits.body, "bytes in the body")
        self.action = action
        self.recipients = recipients
        self.watch = watch
        self.body = body
        var hasPatterns = false
        var lines = ByteBuffer()
        for recipient in recipients {
            let start = lines.writerIndex
            lines.writeStaticString("recipient: ")
            switch recipient {
            case .key(let key): lines.writeBytes(key.bytes)
            case .pattern(let pattern):
                hasPatterns = true
                lines.writeString(pattern.description)
            }
            try ClientLimits.check(lines.writerIndex - start, limits.line, "bytes in a recipient's line")
            lines.writeStaticString("\r\n")
        }
        for (name, value) in headers { lines.writeString("\(name): \(value)\r\n") }
        if let watch { lines.writeString("watch: \(watch)\r\n") }
        if let body { lines.writeString("length: \(body.readableBytes)\r\n") }
        lines.writeStaticString("\r\n")
        try ClientLimits.check(lines.readableBytes + Self.first, limits.head, "bytes in all lines")
        rest = lines
        needs11 = action != .event || hasPatterns || !headers.isEmpty
    }

    /// Writes the whole frame; answers how many bytes that was.
    ///
    /// - Parameter id: 1 to 255 bytes in one line. [CTL-18]
    @discardableResult
    func write(_ version: Version, id: String, into buffer: inout ByteBuffer) -> Int {
        var count = buffer.writeStaticString(version == .orbit11 ? "Orbit 1.1\r\n" : "Orbit 1.0\r\n")
        count += buffer.writeString(action.rawValue)
        count += buffer.writeStaticString("\r\nid: ")
        count += buffer.writeString(id)
        count += buffer.writeStaticString("\r\n")
        count += buffer.writeImmutableBuffer(rest)
        if let body { count += buffer.writeImmutableBuffer(body) }
        return count
    }
}
