import NIOCore
import OrbitedCore
import OrbitedWire

/// A part of a multipart document for each event, as Firefox of 2007 read it. `protocol/transports/xhr_multipart.md`
struct XHRMultipartTransport: Transport {
    let name = "xhr_multipart"
    let kind = OutletKind.stream
    let contentType = "multipart/x-mixed-replace;boundary=\"orbited--\""
    let preamble = ByteBuffer(string: "--orbited--\r\n")
    let heartbeat: ByteBuffer? = Self.part(ByteBuffer())

    func write(_ body: ByteBuffer, cursor: Cursor, into buffer: inout ByteBuffer) {
        guard body.readableBytesView.holds("--orbited--".utf8) else {
            buffer.writeImmutableBuffer(Self.part(body))
            return
        }
        // A reader that looks for the boundary, not at the length, would find it in the body. [XMP-5]
        var value = ByteBuffer()
        Envelope.writeValue(body, into: &value)
        buffer.writeImmutableBuffer(Self.part(value))
    }

    private static func part(_ body: ByteBuffer) -> ByteBuffer {
        var part = ByteBuffer(
            string: "Content-type: application/json\r\nContent-length: \(body.readableBytes)\r\n\r\n")
        part.writeImmutableBuffer(body)
        part.writeStaticString("\r\n--orbited--\r\n")
        return part
    }
}
