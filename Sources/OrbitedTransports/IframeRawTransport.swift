import NIOCore
import OrbitedCore
import OrbitedWire

/// A frame whose events are HTML, run and shown as they are. `protocol/transports/iframe_raw.md`
struct IframeRawTransport: Transport {
    let name = "iframe_raw"
    let kind = OutletKind.stream
    let contentType = "text/html; charset=utf-8"
    let preamble = IframePage.opening(.bar)
    let maxBytes: Int?
    let recycling: ByteBuffer? = IframePage.reload

    /// - Parameter maxBytes: after how many bytes the page is made to load again.
    init(maxBytes: Int) {
        self.maxBytes = maxBytes
    }

    func write(_ body: ByteBuffer, cursor: Cursor, into buffer: inout ByteBuffer) {
        buffer.writeImmutableBuffer(body)
    }
}
