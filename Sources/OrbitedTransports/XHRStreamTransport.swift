import NIOCore
import OrbitedCore
import OrbitedWire

/// Frames for an `XMLHttpRequest` that is read while it loads. `protocol/transports/xhr_stream.md`
struct XHRStreamTransport: Transport {
    let name = "xhr_stream"
    let kind = OutletKind.stream
    let contentType = "application/x-orbited-event-stream"
    // Safari showed nothing of the first 256 bytes. [XST-2]
    let preamble = ByteBuffer(string: String(repeating: ".", count: 256) + "\r\n\r\n")
    let heartbeat: ByteBuffer? = ByteBuffer(string: Self.separator + "ping" + Self.separator)
    let maxBytes: Int?
    let recycling: ByteBuffer? = ByteBuffer()
    private static let separator = "\r\n|O|\r\n"

    /// - Parameter maxBytes: after how many bytes the response ends; browsers keep all of it.
    init(maxBytes: Int) {
        self.maxBytes = maxBytes
    }

    func write(_ body: ByteBuffer, cursor: Cursor, into buffer: inout ByteBuffer) {
        if Self.isClear(body) { buffer.writeImmutableBuffer(body) } else { Envelope.writeValue(body, into: &buffer) }
        buffer.writeString(Self.separator)
    }

    /// Whether a reader finds the end of the body where it is, and does not take it for a ping. [XST-6]
    private static func isClear(_ body: ByteBuffer) -> Bool {
        let bytes = body.readableBytesView
        guard !bytes.isEmpty, !bytes.elementsEqual("ping".utf8) else { return false }
        return !bytes.holds("\r\n|O|".utf8)
    }
}
