import NIOCore

/// A reply as a client reads it. [CTL-46]
public struct Reply: Hashable, Sendable {
    /// Whether it is a `Success`.
    public var isSuccess: Bool
    /// The id of the event it answers; `nil` when the server could not read it. [CTL-51]
    public var id: String?
    /// The `msg` of a failure, empty if there was none.
    public var message: String
    /// The number of a failure's `code`, if it has one; the hundreds alone tell whether a retry can help. [CTL-49]
    public var code: Int?
    /// The recipients that were not reached, as they stand between the parentheses. [CTL-48]
    public var unreached: [String]

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

/// Bytes that are not a reply.
public enum ReplyError: Error, Hashable, Sendable {
    /// The first line is neither `Success` nor `Failure`.
    case notAReply(String)
    /// A reply is longer than the decoder's limit.
    case tooLong
}

extension ReplyError: CustomStringConvertible {
    /// One plain sentence, without a full stop.
    public var description: String {
        switch self {
        case .notAReply(let line):
            "a reply begins with Success or Failure, and this one with \(line.prefix(80).debugDescription)"
        case .tooLong: "a reply is longer than any server sends"
        }
    }
}

/// Turns the bytes that a server sends on the control wire into replies, whatever way they are split. [CTL-45]
public struct ReplyDecoder: Sendable {
    /// The longest reply in bytes, 64 MiB: a failure that names 100,000 recipients of 600 bytes each.
    public static let defaultLimit = 64 * 1_048_576
    private let limit: Int
    private var buffer = ByteBuffer()
    private var reply: Reply?
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

    /// The next reply, or `nil` when more bytes are needed.
    ///
    /// - Throws: ``ReplyError``; nothing that comes after it can be trusted.
    public mutating func next() throws(ReplyError) -> Reply? {
        while let line = nextLine() {
            if let done = try take(line) { return done }
            guard taken <= limit else { throw .tooLong }
        }
        guard taken + buffer.readableBytes <= limit else { throw .tooLong }
        return nil
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

    /// Takes one line; the reply if it ends with it.
    private mutating func take(_ line: ByteBuffer) throws(ReplyError) -> Reply? {
        guard let open = reply else {
            let first = String(buffer: line)
            guard first == "Success" || first == "Failure" else { throw .notAReply(first) }
            reply = Reply(isSuccess: first == "Success")
            return nil
        }
        guard line.readableBytes == 0 else {
            line.withUnsafeReadableBytes { reply?.take(header: $0) }
            return nil
        }
        reply = nil
        taken = 0
        return open
    }
}

extension Reply {
    /// Takes one header line; those that are not known, and lines that are no headers, are left alone. [CTL-47]
    fileprivate mutating func take(header line: UnsafeRawBufferPointer) {
        guard let split = line.firstSeparator(UInt8(ascii: ":")) else { return }
        let name = UnsafeRawBufferPointer(rebasing: line[..<split])
        let value = UnsafeRawBufferPointer(rebasing: line[(split + 2)...])
        if name.equalsIgnoringCase("id") {
            id = String(decoding: value, as: UTF8.self)
        } else if name.equalsIgnoringCase("msg") {
            message = String(decoding: value, as: UTF8.self)
        } else if name.equalsIgnoringCase("code") {
            let digits = value.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
            code = UnsafeRawBufferPointer(rebasing: digits).decimal(atMost: Int(UInt16.max))
        } else if name.equalsIgnoringCase("recipient") {
            unreached.append(String(decoding: value.unwrapped, as: UTF8.self))
        }
    }
}

extension UnsafeRawBufferPointer {
    /// What stands between one pair of parentheses round the whole.
    fileprivate var unwrapped: Slice<UnsafeRawBufferPointer> {
        count > 1 && first == UInt8(ascii: "(") && last == UInt8(ascii: ")") ? self[1..<count - 1] : self[...]
    }
}
