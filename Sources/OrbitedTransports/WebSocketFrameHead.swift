import NIOCore

/// The head of a frame from a browser. RFC 6455, section 5.2.
///
///      0                   1                   2                   3
///     |F|R R R|opcode |M| length: 7   | length: 16, or 64 if 127      |
///     |masking key: 32                | payload                       |
struct WebSocketFrameHead {
    /// What the first bytes come to.
    enum Outcome {
        case incomplete
        case head(WebSocketFrameHead)
        case failure(WebSocketCloseCode)
    }

    let opcode: WebSocketFrame.Opcode
    let isFinal: Bool
    /// The payload's length in bytes.
    let length: Int
    /// The head's own length in bytes.
    let size: Int
    private let mask: UInt32

    static func read(_ bytes: ByteBuffer) -> Outcome {
        var bytes = bytes
        let whole = bytes.readableBytes
        guard let first = bytes.readInteger(as: UInt8.self) else { return .incomplete }
        // No extension is ever agreed on, so that the reserved bits have no meaning.
        guard first & 0x70 == 0, let opcode = WebSocketFrame.Opcode(rawValue: first & 0x0F) else {
            return .failure(.protocolError)
        }
        let isFinal = first & 0x80 != 0
        guard let second = bytes.readInteger(as: UInt8.self) else { return .incomplete }
        guard second & 0x80 != 0 else { return .failure(.protocolError) }
        let short = second & 0x7F
        if opcode.isControl, !isFinal || Int(short) > WebSocketFrame.maxControlPayload {
            return .failure(.protocolError)
        }
        let length: UInt64
        switch short {
        case WebSocketFrame.length16:
            guard let long = bytes.readInteger(as: UInt16.self) else { return .incomplete }
            guard long >= UInt16(WebSocketFrame.length16) else { return .failure(.protocolError) }
            length = UInt64(long)
        case WebSocketFrame.length64:
            guard let long = bytes.readInteger(as: UInt64.self) else { return .incomplete }
            guard long > UInt64(UInt16.max), long <= UInt64(Int64.max) else { return .failure(.protocolError) }
            length = long
        default:
            length = UInt64(short)
        }
        guard let count = Int(exactly: length), count <= Int(UInt32.max) else { return .failure(.messageTooLarge) }
        guard let mask = bytes.readInteger(as: UInt32.self) else { return .incomplete }
        return .head(
            WebSocketFrameHead(
                opcode: opcode, isFinal: isFinal, length: count, size: whole - bytes.readableBytes, mask: mask))
    }

    /// Takes the mask off a payload.
    func unmask(_ payload: inout ByteBuffer) {
        let key = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: mask >> $0) }
        payload.withUnsafeMutableReadableBytes { bytes in
            for index in bytes.indices { bytes[index] ^= key[index & 3] }
        }
    }
}
