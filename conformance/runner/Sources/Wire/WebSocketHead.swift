/// The head of a frame of a WebSocket, as it came: what stands before the payload (RFC 6455, section 5.2).
struct WebSocketHead: Hashable, Sendable {
    /// The bit that ends a message, three reserved ones, and the opcode.
    let first: UInt8
    /// Of the payload, in bytes.
    let length: UInt64
    /// Whether the length is written in the shortest way.
    let isShortest: Bool
    /// Nil if the payload is as it is.
    let mask: [UInt8]?
    /// How long the head itself is.
    let size: Int

    /// Reads a head at the front; nil if it has not come in whole.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count >= 2 else { return nil }
        first = bytes[bytes.startIndex]
        let second = bytes[bytes.startIndex + 1]
        let short = second & 0x7F
        let extra = short == 126 ? 2 : short == 127 ? 8 : 0
        let maskSize = second & 0x80 == 0 ? 0 : 4
        size = 2 + extra + maskSize
        guard bytes.count >= size else { return nil }
        length = extra == 0 ? UInt64(short) : bytes.dropFirst(2).prefix(extra).reduce(0) { $0 << 8 | UInt64($1) }
        isShortest = extra == 0 || length >= (extra == 2 ? 126 : 65_536)
        mask = maskSize == 0 ? nil : Array(bytes.dropFirst(2 + extra).prefix(maskSize))
    }

    var isFinal: Bool { first & 0x80 != 0 }
    var hasReservedBits: Bool { first & 0x70 != 0 }
    var opcode: UInt8 { first & 0x0F }

    /// Takes the head and its payload off the front, without the mask; nil if they have not come in whole.
    func takePayload(from bytes: inout ArraySlice<UInt8>) -> [UInt8]? {
        guard UInt64(bytes.count - size) >= length else { return nil }
        let payload = bytes.dropFirst(size).prefix(Int(length))
        bytes = bytes.dropFirst(size + payload.count)
        guard let mask else { return Array(payload) }
        return payload.enumerated().map { $1 ^ mask[$0 % 4] }
    }
}
