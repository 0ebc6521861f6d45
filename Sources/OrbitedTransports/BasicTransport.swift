import NIOCore
import OrbitedCore
import OrbitedWire

/// A page that shows each event in bold, to be looked at. `protocol/transports/basic.md`
struct BasicTransport: Transport {
    let name = "basic"
    let kind = OutletKind.stream
    let contentType = "text/html; charset=utf-8"
    let heartbeat: ByteBuffer? = ByteBuffer(string: "<i>Ping!</i><br>")
    let maxBytes: Int?

    /// - Parameter maxBytes: after how many bytes the response ends, since browsers keep all of it.
    init(maxBytes: Int) {
        self.maxBytes = maxBytes
    }

    func write(_ body: ByteBuffer, cursor: Cursor, into buffer: inout ByteBuffer) {
        buffer.writeStaticString("<b>")
        buffer.writeImmutableBuffer(body)
        buffer.writeStaticString("</b><br>\r\n")
    }
}
