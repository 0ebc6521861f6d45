import NIOCore
import OrbitedCore
import OrbitedWire

/// The bodies with nothing between them: `raw`, and its other name `stream`. `protocol/transports/raw.md`
struct RawTransport: Transport {
    let name: String
    let kind = OutletKind.stream
    let contentType = "text/html; charset=utf-8"
    let maxBytes: Int?
    let recycling: ByteBuffer? = ByteBuffer()

    /// - Parameter maxBytes: after how many bytes the response ends.
    init(name: String, maxBytes: Int) {
        self.name = name
        self.maxBytes = maxBytes
    }

    func write(_ body: ByteBuffer, cursor: Cursor, into buffer: inout ByteBuffer) {
        buffer.writeImmutableBuffer(body)
    }
}
