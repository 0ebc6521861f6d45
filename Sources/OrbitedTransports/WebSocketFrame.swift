import NIOCore

/// Writes the frames that a server sends: whole messages, never masked. RFC 6455, section 5.2.
public enum WebSocketFrame {
    /// What a frame is.
    enum Opcode: UInt8 {
        case continuation = 0x0
        case text = 0x1
        case binary = 0x2
        case close = 0x8
        case ping = 0x9
        case pong = 0xA

        var isControl: Bool { rawValue & 0x8 != 0 }
    }

    /// The most that a control frame may carry, in bytes. RFC 6455, section 5.5.
    static let maxControlPayload = 125
    private static let isFinal: UInt8 = 0x80
    static let length16: UInt8 = 126
    static let length64: UInt8 = 127

    static func write(_ opcode: Opcode, _ payload: ByteBuffer, into buffer: inout ByteBuffer) {
        buffer.writeInteger(isFinal | opcode.rawValue)
        switch payload.readableBytes {
        case ...maxControlPayload:
            buffer.writeInteger(UInt8(payload.readableBytes))
        case ...Int(UInt16.max):
            buffer.writeInteger(length16)
            buffer.writeInteger(UInt16(payload.readableBytes))
        default:
            buffer.writeInteger(length64)
            buffer.writeInteger(UInt64(payload.readableBytes))
        }
        buffer.writeImmutableBuffer(payload)
    }

    /// How many bytes of payload a whole frame of that size carries.
    static func payload(ofFramed size: Int) -> Int {
        if size <= 2 + maxControlPayload { return max(0, size - 2) }
        return size <= 4 + Int(UInt16.max) ? size - 4 : size - 10
    }

    /// The answer to a ping: its own payload.
    public static func pong(_ payload: ByteBuffer) -> ByteBuffer {
        var buffer = ByteBuffer()
        write(.pong, payload, into: &buffer)
        return buffer
    }

    /// The frame that ends a connection. [WSK-14]
    public static func close(_ code: WebSocketCloseCode) -> ByteBuffer {
        var payload = ByteBuffer(integer: code.rawValue)
        payload.writeString(code.reason)
        var buffer = ByteBuffer()
        write(.close, payload, into: &buffer)
        return buffer
    }

    /// The answer to a peer's close frame: its own code, or none. RFC 6455, section 5.5.1.
    public static func close(echoing code: UInt16?) -> ByteBuffer {
        var buffer = ByteBuffer()
        write(.close, code.map { ByteBuffer(integer: $0) } ?? ByteBuffer(), into: &buffer)
        return buffer
    }
}
