/// A frame of a WebSocket (RFC 6455, section 5.2): a whole message, or a control frame.
struct WebSocketFrame: Hashable, Sendable {
    enum Opcode: UInt8, Sendable {
        case continuation = 0
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

    /// A mask as browsers choose it.
    static var newMask: [UInt8] { (0..<4).map { _ in .random(in: 0...255) } }

    /// The frame as it goes over the wire: from a browser with a mask, and from a server without.
    func bytes(mask: [UInt8]?) -> [UInt8] {
        let count = payload.count
        let length: [UInt8] =
            switch count {
            case ..<126: [UInt8(count)]
            case ..<65_536: [126] + Self.bigEndian(count, 2)
            default: [127] + Self.bigEndian(count, 8)
            }
        let first = 0x80 | opcode.rawValue
        guard let mask else { return [first] + length + payload }
        let masked = payload.enumerated().map { $1 ^ mask[$0 % 4] }
        return [first, 0x80 | length[0]] + length.dropFirst() + mask + masked
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
        guard let head = WebSocketHead(bytes) else { return nil }
        guard !head.hasReservedBits else { throw Violation("a frame has reserved bits [WSK-6]", bytes) }
        guard head.isFinal else { throw Violation("a frame is a fragment [WSK-7]", bytes) }
        guard let opcode = Opcode(rawValue: head.opcode), opcode != .continuation else {
            throw Violation("a frame is neither text, close, ping nor pong [WSK-7]", bytes)
        }
        guard head.mask == nil else { throw Violation("a frame of the server has a mask", bytes) }
        guard head.isShortest else {
            throw Violation("the length of a frame is not written in the shortest way", bytes)
        }
        guard opcode == .text || head.length <= 125 else {
            throw Violation("a control frame has more than 125 bytes", bytes)
        }
        guard head.length <= Self.mostBytes else { throw Violation("a frame has \(head.length) bytes", bytes) }
        guard let payload = head.takePayload(from: &bytes) else { return nil }
        self.init(opcode, payload)
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
