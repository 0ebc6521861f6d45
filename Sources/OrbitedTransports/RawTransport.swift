import NIOCore
import OrbitedCore
import OrbitedWire

/// Bodies one after the other with nothing between, under two names. `protocol/transports/raw.md`, `stream.md`
struct RawTransport: Transport {
    /// What it is called in URLs.
    enum Name: String {
        case raw, stream
    }

    let name: String
    let kind = OutletKind.stream
    let contentType = "text/html; charset=utf-8"
    let maxBytes: Int?

    /// - Parameters:
    ///   - name: one of its two names.
    ///   - maxBytes: after how many bytes the response ends, since browsers keep all of it.
    init(_ name: Name, maxBytes: Int) {
        self.name = name.rawValue
        self.maxBytes = maxBytes
    }

    func write(_ body: ByteBuffer, cursor: Cursor, into buffer: inout ByteBuffer) {
        buffer.writeImmutableBuffer(body)
    }
}
