import NIOCore
import OrbitedWire

/// How the bytes of a transport are framed on the connection.
public enum Framing: Int, Sendable, CaseIterable {
    /// HTTP/1.1: chunks.
    case chunked
    /// HTTP/1.0: as they are; the connection's end is the body's.
    case close
    /// A WebSocket: each piece is one text message.
    case message

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
        case .message:
            WebSocketFrame.write(.text, piece, into: &buffer)
        }
    }

    /// The most bytes that the line with a chunk's size takes: sixteen digits and a line end.
    static let longestSize = 18

    /// Makes a chunk of what is in the buffer, which has room for the longest size before it.
    func putIntoChunk(_ buffer: inout ByteBuffer) {
        let size = buffer.readableBytes
        guard size > 0 else { return }
        let digits = HexDigits.count(of: size)
        let start = buffer.readerIndex - 2 - digits
        buffer.withVeryUnsafeMutableBytes { bytes in
            for place in 0..<digits { bytes[start + digits - 1 - place] = HexDigits.lower(size >> (4 * place) & 15) }
            bytes[start + digits] = UInt8(ascii: "\r")
            bytes[start + digits + 1] = UInt8(ascii: "\n")
        }
        buffer.moveReaderIndex(to: start)
        buffer.writeInteger(0x0D0A as UInt16)
    }

    /// How many bytes of a body a framed piece of that size carries.
    public func payload(ofFramed size: Int) -> Int {
        switch self {
        case .close:
            return size
        case .message:
            return WebSocketFrame.payload(ofFramed: size)
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
        case .close, .message: ByteBuffer()
        }
    }
}
