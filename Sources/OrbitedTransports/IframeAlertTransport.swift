import NIOCore
import OrbitedCore
import OrbitedJSON
import OrbitedWire

/// A frame that shows each event in a box, to look for faults. `protocol/transports/iframe_alert.md`
struct IframeAlertTransport: Transport {
    let name = "iframe_alert"
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
        buffer.writeStaticString("<script>alert(")
        buffer.writeBytes(body.withUnsafeReadableBytes { JSONText.scriptSafe($0) })
        buffer.writeStaticString(");</script>\n")
    }
}
