import NIOCore

/// A reply as a client reads it. [CTL-20]
public struct Reply: Hashable, Sendable {
    /// Whether it is a `Success`.
    public var isSuccess: Bool
    /// The id of the event it answers; `nil` when the server could not read it.
    public var id: String?
    /// The `msg` of a failure, empty if there was none.
    public var message = ""
    /// The number and name of a failure's `code`, if it has one.
    public var code: String?
    /// The recipients that were not reached, as they stand between the parentheses.
    public var unreached: [String] = []
}

/// Bytes that are not a reply.
public enum ReplyError: Error, Hashable, Sendable {
    /// The first line is neither `Success` nor `Failure`.
    case notAReply(String)
    /// A line or a whole reply is longer than any server may send.
    case tooLong
}

/// Turns the bytes that a server sends on the control wire into replies, whatever way they are split. [CTL-4]
public struct ReplyDecoder: Sendable {
    /// The largest reply in bytes: 100,000 recipients of a full line each would not fit a sane server's answer.
    public static let limit = 64 * 1_048_576
    private var buffer = ByteBuffer()
    private var reply: Reply?

    /// Creates a decoder for one connection.
    public init() {}

    /// Takes bytes from the connection.
    public mutating func append(_ bytes: ByteBuffer) {
        buffer.discardReadBytes()
        buffer.writeImmutableBuffer(bytes)
    }

    /// The next reply, or `nil` when more bytes are needed.
    public mutating func next() throws(ReplyError) -> Reply? {
        while let line = nextLine() {
            if line.isEmpty, let done = reply {
                reply = nil
                return done
            }
            if reply == nil {
                guard line == "Success" || line == "Failure" else { throw .notAReply(line) }
                reply = Reply(isSuccess: line == "Success")
            } else {
                take(header: line)
            }
        }
        if buffer.readableBytes > Self.limit { throw .tooLong }
        return nil
    }

    private mutating func nextLine() -> String? {
        guard let end = buffer.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        var line = buffer.readSlice(length: end - buffer.readerIndex) ?? ByteBuffer()
        buffer.moveReaderIndex(forwardBy: 1)
        if line.readableBytesView.last == UInt8(ascii: "\r") { line.moveWriterIndex(to: line.writerIndex - 1) }
        return String(buffer: line)
    }

    private mutating func take(header line: String) {
        guard let split = line.firstRange(of: ": ") else { return }
        let value = String(line[split.upperBound...])
        switch line[..<split.lowerBound].lowercased() {
        case "id": reply?.id = value
        case "msg": reply?.message = value
        case "code": reply?.code = value
        case "recipient": reply?.unreached.append(value.unwrapped)
        default: break
        }
    }
}

extension String {
    /// The text between one pair of parentheses round the whole.
    fileprivate var unwrapped: String {
        hasPrefix("(") && hasSuffix(")") && utf8.count > 1 ? String(dropFirst().dropLast()) : self
    }
}
