/// Reads what a browser sends on a WebSocket (RFC 6455), of which cases see the text messages.
struct SocketMessages: Sendable {
    private static let longest = 1 << 20

    private var bytes: ArraySlice<UInt8> = []
    /// The fragments of a message so far.
    private var fragments: [UInt8]?

    mutating func append(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

    /// The next text message; nil if it has not come in whole.
    ///
    /// - Throws: ``Violation``
    mutating func next() throws -> String? {
        while let (head, payload) = try nextFrame() {
            switch WebSocketFrame.Opcode(rawValue: head.opcode) {
            case .continuation, .text:
                guard (head.opcode == 0) == (fragments != nil) else {
                    throw Violation("a message of the browser begins in the middle of another", payload)
                }
                let message = (fragments ?? []) + payload
                guard message.count <= Self.longest else {
                    throw Violation("a message of the browser has \(message.count) bytes")
                }
                fragments = head.isFinal ? nil : message
                guard head.isFinal else { continue }
                guard let text = String(validating: message, as: UTF8.self) else {
                    throw Violation("a text message of the browser is not UTF-8", message)
                }
                return text
            // Control frames are the browser's own affair.
            case .ping, .pong, .close: continue
            case nil: throw Violation("a frame of the browser has the opcode \(head.opcode)", payload)
            }
        }
        return nil
    }

    private mutating func nextFrame() throws -> (WebSocketHead, [UInt8])? {
        guard let head = WebSocketHead(bytes) else { return nil }
        guard head.mask != nil else { throw Violation("a frame of the browser has no mask", bytes) }
        guard !head.hasReservedBits else { throw Violation("a frame of the browser has reserved bits", bytes) }
        guard head.length <= Self.longest else { throw Violation("a frame of the browser has \(head.length) bytes") }
        return head.takePayload(from: &bytes).map { (head, $0) }
    }
}
