import NIOCore

/// Measures the head of a request while it comes in, up to and with its empty line. [BRW-45]
struct HeadMeter {
    private static let end = [UInt8]("\r\n\r\n".utf8)

    /// How many bytes of the head have come.
    private(set) var count = 0
    /// How much of the empty line the last bytes were.
    private var matched = 0
    private var hasEnded = false

    /// Takes what has come; what stands behind the head does not count.
    mutating func take(_ bytes: ByteBufferView) {
        guard !hasEnded else { return }
        for byte in bytes {
            count += 1
            if byte == Self.end[matched] {
                matched += 1
            } else {
                matched = byte == Self.end[0] ? 1 : 0
            }
            guard matched == Self.end.count else { continue }
            hasEnded = true
            return
        }
    }
}
