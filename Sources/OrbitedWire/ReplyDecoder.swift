import NIOCore

/// Bytes that are not what a server sends.
public enum ReplyError: Error, Hashable, Sendable {
    /// The first line is no word.
    case notAReply(String)
    /// A header has a value that it can't have, or one that is needed is missing.
    case malformed(String)
    /// A reply is longer than the decoder's limit.
    case tooLong
}

extension ReplyError: CustomStringConvertible {
    /// One plain sentence, without a full stop.
    public var description: String {
        switch self {
        case .notAReply(let line):
            "a reply begins with Success or Failure, and this one with \(line.prefix(80).debugDescription)"
        case .malformed(let what): "a reply has a bad \(what)"
        case .tooLong: "a reply is longer than any server sends"
        }
    }
}

/// Turns the bytes that a server sends on the control wire into replies and notices, whatever way they are split.
/// [CTL-45]
public struct ReplyDecoder: Sendable {
    /// The longest reply in bytes, 64 MiB: a failure that names 100,000 recipients of 600 bytes each.
    public static let defaultLimit = 64 * 1_048_576
    private let limit: Int
    private var buffer = ByteBuffer()
    private var head: MessageHead?
    /// How many bytes of body are to come behind a head that is complete.
    private var missing: Int?
    /// How many bytes of the reply have been read as lines.
    private var taken = 0
    /// How many bytes of the buffer hold no line end.
    private var scanned = 0

    /// Creates a decoder for one connection.
    ///
    /// - Parameter limit: the longest reply in bytes, beyond which ``next()`` throws. Default 64 MiB.
    public init(limit: Int = ReplyDecoder.defaultLimit) {
        self.limit = limit
    }

    /// Takes bytes from the connection.
    public mutating func append(_ bytes: ByteBuffer) {
        buffer.discardReadBytes()
        buffer.writeImmutableBuffer(bytes)
    }

    /// The next message, or `nil` when more bytes are needed.
    ///
    /// - Throws: ``ReplyError``; nothing that comes after it can be trusted.
    public mutating func next() throws(ReplyError) -> ServerMessage? {
        while true {
            if let missing {
                guard let body = buffer.readSlice(length: missing) else { return nil }
                if let message = try end(body) { return message }
                continue
            }
            guard let line = nextLine() else {
                guard taken + buffer.readableBytes <= limit else { throw .tooLong }
                return nil
            }
            if let message = try take(line) { return message }
            guard taken <= limit else { throw .tooLong }
        }
    }

    private mutating func nextLine() -> ByteBuffer? {
        let unscanned = buffer.readableBytesView.dropFirst(scanned)
        guard let end = unscanned.firstIndex(of: UInt8(ascii: "\n")) else {
            scanned = buffer.readableBytes
            return nil
        }
        let length = end - buffer.readerIndex
        guard var line = buffer.readSlice(length: length) else { return nil }
        buffer.moveReaderIndex(forwardBy: 1)
        taken += length + 1
        scanned = 0
        if line.readableBytesView.last == UInt8(ascii: "\r") { line.moveWriterIndex(to: line.writerIndex - 1) }
        return line
    }

    /// Takes one line; the message if it ends with it.
    private mutating func take(_ line: ByteBuffer) throws(ReplyError) -> ServerMessage? {
        guard head != nil else {
            head = try MessageHead(String(buffer: line))
            return nil
        }
        guard line.readableBytes == 0 else {
            try head?.take(line)
            return nil
        }
        guard let length = head?.length else { return try end(nil) }
        guard taken + length <= limit else { throw .tooLong }
        missing = length
        return nil
    }

    /// The head, and the body if there is one, are complete; nil for a notice that is not known. [CTL-115]
    private mutating func end(_ body: ByteBuffer?) throws(ReplyError) -> ServerMessage? {
        defer {
            head = nil
            missing = nil
            taken = 0
        }
        return try head?.message(body: body)
    }
}
