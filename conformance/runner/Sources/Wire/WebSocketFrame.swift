/// A frame of a WebSocket (RFC 6455, section 5.2), as a browser writes it and as a server's is read.
struct WebSocketFrame: Hashable, Sendable {
    enum Opcode: UInt8, Sendable {
        case text = 1
        case close = 8
        case ping = 9
        case pong = 10
    }

    private static let mostBytes = 64 << 20

    let opcode: Opcode
    let payload: [UInt8]

    init(_ opcode: Opcode, _ payload: [UInt8] = []) {
        self.opcode = opcode
        self.payload = payload
    }

    /// A close frame; without a code its payload is empty.
    static func close(_ code: Int?, _ reason: String = "") -> WebSocketFrame {
        guard let code else { return WebSocketFrame(.close) }
        return WebSocketFrame(
            .close, [UInt8(truncatingIfNeeded: code >> 8), UInt8(truncatingIfNeeded: code)] + Array(reason.utf8))
    }

    /// The frame as a browser sends it, with a mask.
    func bytes(mask: [UInt8] = (0..<4).map { _ in .random(in: 0...255) }) -> [UInt8] {
        let count = payload.count
        let length: [UInt8] =
            switch count {
            case ..<126: [UInt8(count)]
            case ..<65_536: [126] + Self.bigEndian(count, 2)
            default: [127] + Self.bigEndian(count, 8)
            }
        let masked = payload.enumerated().map { $1 ^ mask[$0 % 4] }
        return [0x80 | opcode.rawValue, 0x80 | length[0]] + length.dropFirst() + mask + masked
    }

    private static func bigEndian(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * (count - 1 - $0))) }
    }
}

extension WebSocketFrame {
    /// Takes a server's frame off the front; nil if it has not come in whole.
    ///
    /// - Throws: ``Violation`` of what RFC 6455 and [WSK-7] forbid.
    init?(readingFrom bytes: inout ArraySlice<UInt8>) throws {
        guard bytes.count >= 2 else { return nil }
        let (first, second) = (bytes[bytes.startIndex], bytes[bytes.startIndex + 1])
        guard first & 0x70 == 0 else { throw Violation("a frame has reserved bits [WSK-6]", bytes) }
        guard first & 0x80 != 0 else { throw Violation("a frame is a fragment [WSK-7]", bytes) }
        guard let opcode = Opcode(rawValue: first & 0x0F) else {
            throw Violation("a frame is neither text, close, ping nor pong [WSK-7]", bytes)
        }
        guard second & 0x80 == 0 else { throw Violation("a frame of the server has a mask", bytes) }
        let extra = second == 126 ? 2 : second == 127 ? 8 : 0
        guard bytes.count >= 2 + extra else { return nil }
        let length = bytes.dropFirst(2).prefix(extra).reduce(0) { $0 << 8 | UInt64($1) }
        guard extra == 0 || length >= (extra == 2 ? 126 : 65_536) else {
            throw Violation("the length of a frame is not written in the shortest way", bytes)
        }
        guard opcode == .text || extra == 0 else { throw Violation("a control frame has more than 125 bytes", bytes) }
        guard length <= Self.mostBytes else { throw Violation("a frame has \(length) bytes", bytes) }
        let count = extra == 0 ? Int(second) : Int(length)
        guard bytes.count >= 2 + extra + count else { return nil }
        self.init(opcode, Array(bytes.dropFirst(2 + extra).prefix(count)))
        bytes = bytes.dropFirst(2 + extra + count)
    }

    /// The code and the reason of a close frame; without payload there is no code.
    ///
    /// - Throws: ``Violation``
    func codeAndReason() throws -> (code: Int?, reason: String) {
        guard !payload.isEmpty else { return (nil, "") }
        guard payload.count >= 2 else { throw Violation("a close frame has one byte of payload", payload) }
        guard let reason = String(validating: payload.dropFirst(2), as: UTF8.self) else {
            throw Violation("the reason of a close frame is not UTF-8", payload)
        }
        return (Int(payload[0]) << 8 | Int(payload[1]), reason)
    }
}
