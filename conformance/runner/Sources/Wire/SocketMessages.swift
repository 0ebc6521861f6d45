/// The frames of a WebSocket (RFC 6455) as the suite's side writes and reads them when it is the server.
package struct SocketMessages: Sendable {
    /// What a browser sends.
    package enum Message: Hashable, Sendable {
        case text(String)
        case ping([UInt8])
        case pong([UInt8])
        case close(code: Int?)
    }

    /// What a browser must not send, in one sentence.
    package struct Violation: Error, Hashable, Sendable {
        package var sentence: String
    }

    package enum Opcode: UInt8, Sendable {
        case text = 1
        case binary = 2
        case close = 8
        case ping = 9
        case pong = 10
    }

    private static let longest = 1 << 20

    private var bytes: [UInt8] = []
    /// The fragments of a message so far.
    private var fragments: [UInt8]?

    package init() {}

    package mutating func append(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

    /// One whole frame, without a mask.
    package static func frame(_ opcode: Opcode, _ payload: [UInt8]) -> [UInt8] {
        let count = payload.count
        let length: [UInt8] =
            switch count {
            case ..<126: [UInt8(count)]
            case ..<65_536: [126] + (0..<2).map { UInt8(truncatingIfNeeded: count >> (8 * (1 - $0))) }
            default: [127] + (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * (7 - $0))) }
            }
        return [0x80 | opcode.rawValue] + length + payload
    }

    /// The payload of a close frame.
    package static func close(code: Int, reason: String) -> [UInt8] {
        [UInt8(truncatingIfNeeded: code >> 8), UInt8(truncatingIfNeeded: code)] + Array(reason.utf8)
    }

    /// The next message; nil if it has not come in whole.
    package mutating func next() throws -> Message? {
        while let (first, payload) = try nextFrame() {
            let isFinal = first & 0x80 != 0
            if first & 0x0F == 0 || first & 0x0F == Opcode.text.rawValue {
                guard (first & 0x0F == 0) == (fragments != nil) else {
                    throw Violation(sentence: "a message of the browser begins in the middle of another")
                }
                fragments = (fragments ?? []) + payload
                guard isFinal else { continue }
                defer { fragments = nil }
                guard let text = String(validating: fragments ?? [], as: UTF8.self) else {
                    throw Violation(sentence: "a text message of the browser is not UTF-8")
                }
                return .text(text)
            }
            switch Opcode(rawValue: first & 0x0F) {
            case .ping: return .ping(payload)
            case .pong: return .pong(payload)
            case .close: return .close(code: payload.count < 2 ? nil : Int(payload[0]) << 8 | Int(payload[1]))
            case .text, .binary, nil: throw Violation(sentence: "a frame of the browser has the opcode \(first & 0x0F)")
            }
        }
        return nil
    }

    /// The first byte of the next frame, and its payload.
    private mutating func nextFrame() throws -> (UInt8, [UInt8])? {
        guard bytes.count >= 2 else { return nil }
        guard bytes[1] & 0x80 != 0 else { throw Violation(sentence: "a frame of the browser has no mask") }
        let short = Int(bytes[1] & 0x7F)
        let extra = short == 126 ? 2 : short == 127 ? 8 : 0
        guard bytes.count >= 2 + extra + 4 else { return nil }
        let length = extra == 0 ? short : bytes[2..<2 + extra].reduce(0) { $0 << 8 | Int($1) }
        guard (0...Self.longest).contains(length) else {
            throw Violation(sentence: "a frame of the browser has \(length) bytes")
        }
        let begin = 2 + extra + 4
        guard bytes.count >= begin + length else { return nil }
        let mask = Array(bytes[begin - 4..<begin])
        let payload = bytes[begin..<begin + length].enumerated().map { $1 ^ mask[$0 % 4] }
        let first = bytes[0]
        bytes.removeFirst(begin + length)
        return (first, payload)
    }
}
