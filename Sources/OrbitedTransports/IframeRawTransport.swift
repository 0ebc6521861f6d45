import NIOCore
import OrbitedCore
import OrbitedWire

/// An endless page made of the bodies themselves; they may hold scripts. `protocol/transports/iframe_raw.md`
struct IframeRawTransport: Transport {
    let name = "iframe_raw"
    let kind = OutletKind.stream
    let contentType = "text/html; charset=utf-8"
    let maxBytes: Int?
    let recycling: ByteBuffer? = ByteBuffer(string: IframePadding.reload)
    let preamble = ByteBuffer(string: IframePadding.text)

    /// - Parameter maxBytes: after how many bytes the page is made to load again.
    init(maxBytes: Int) {
        self.maxBytes = maxBytes
    }

    func write(_ body: ByteBuffer, cursor: Cursor, into buffer: inout ByteBuffer) {
        buffer.writeImmutableBuffer(body)
    }
}
