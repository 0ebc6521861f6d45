import NIOCore

/// How the bytes of a response's body are framed in HTTP/1.
public enum Framing: Int, Sendable, CaseIterable {
    /// HTTP/1.1: chunks.
    case chunked
    /// HTTP/1.0: as they are; the connection's end is the body's.
    case close

    /// Writes a piece of the body.
    public func write(_ piece: ByteBuffer, into buffer: inout ByteBuffer) {
        guard piece.readableBytes > 0 else { return }
        switch self {
        case .chunked:
            buffer.writeString(String(piece.readableBytes, radix: 16))
            buffer.writeStaticString("\r\n")
            buffer.writeImmutableBuffer(piece)
            buffer.writeStaticString("\r\n")
        case .close:
            buffer.writeImmutableBuffer(piece)
        }
    }

    /// How many bytes of a body a framed piece of that size carries.
    public func payload(ofFramed size: Int) -> Int {
        switch self {
        case .close:
            return size
        case .chunked:
            // The size in hexadecimal, and two line ends.
            var digits = 1
            while size - digits - 4 >= 1 << (4 * digits) { digits += 1 }
            return max(0, size - digits - 4)
        }
    }

    /// What ends a body.
    public var end: ByteBuffer {
        switch self {
        case .chunked: ByteBuffer(string: "0\r\n\r\n")
        case .close: ByteBuffer()
        }
    }
}
