import NIOCore
import OrbitedCore
import OrbitedWire

/// A response that `XMLHttpRequest` reads while it grows, with a separator behind each event.
/// `protocol/transports/xhr_stream.md`
struct XHRStreamTransport: Transport {
    let name = "xhr_stream"
    let kind = OutletKind.stream
    let contentType = "application/x-orbited-event-stream"
    // Safari showed nothing of a response before it had so much of it. [XST-2]
    let preamble = ByteBuffer(string: String(repeating: ".", count: 256) + "\r\n\r\n")
    let heartbeat: ByteBuffer? = ByteBuffer(string: "\r\n|O|\r\nping\r\n|O|\r\n")
    let maxBytes: Int?

    /// - Parameter maxBytes: after how many bytes the response ends, since browsers keep all of it.
    init(maxBytes: Int) {
        self.maxBytes = maxBytes
    }

    func write(_ body: ByteBuffer, cursor: Cursor, into buffer: inout ByteBuffer) {
        if isAmbiguous(body) {
            Envelope.writeValue(body, into: &buffer)
        } else {
            buffer.writeImmutableBuffer(body)
        }
        buffer.writeStaticString("\r\n|O|\r\n")
    }

    /// Whether a reader would see something else in these bytes than one event: a separator, a ping or nothing. [XST-5]
    private func isAmbiguous(_ body: ByteBuffer) -> Bool {
        let bytes = body.readableBytesView
        guard !bytes.isEmpty, !bytes.elementsEqual("ping".utf8) else { return true }
        return bytes.places(of: "|O|").contains { place in
            let before = bytes[..<place].suffix(2)
            let after = bytes[place...].dropFirst(3).prefix(2)
            return (before.isEmpty || before.elementsEqual(Self.lineEnd))
                && (after.isEmpty || after.elementsEqual(Self.lineEnd))
        }
    }

    private static let lineEnd = "\r\n".utf8
}
