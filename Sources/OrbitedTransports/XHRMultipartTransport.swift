import NIOCore
import OrbitedCore
import OrbitedWire

/// A response of many parts, each of which replaces the one before. `protocol/transports/xhr_multipart.md`
struct XHRMultipartTransport: Transport {
    let name = "xhr_multipart"
    let kind = OutletKind.stream
    let contentType = "multipart/x-mixed-replace;boundary=\"orbited--\""
    let preamble = ByteBuffer(string: "--orbited--\r\n")
    let heartbeat: ByteBuffer? = Self.part(ByteBuffer())

    func write(_ body: ByteBuffer, cursor: Cursor, into buffer: inout ByteBuffer) {
        buffer.writeImmutableBuffer(Self.part(Self.content(body)))
    }

    private static func part(_ content: ByteBuffer) -> ByteBuffer {
        var part = ByteBuffer(
            string: "Content-type: application/json\r\nContent-length: \(content.readableBytes)\r\n\r\n")
        part.writeImmutableBuffer(content)
        part.writeString("\r\n\(delimiter)\r\n")
        return part
    }

    /// An empty part is a ping, and some readers look for the delimiter alone, whatever the length says. [XMP-5]
    private static func content(_ body: ByteBuffer) -> ByteBuffer {
        let isAmbiguous = body.readableBytes == 0 || !body.readableBytesView.places(of: delimiter).isEmpty
        guard isAmbiguous else { return body }
        var value = ByteBuffer()
        Envelope.writeValue(body, into: &value)
        return escaped(value)
    }

    /// In JSON, two hyphens side by side stand only in strings, where a hyphen may be written as an escape. [XMP-6]
    private static func escaped(_ value: ByteBuffer) -> ByteBuffer {
        let bytes = value.readableBytesView
        var result = ByteBuffer()
        var rest = bytes.startIndex
        for place in bytes.places(of: delimiter) {
            result.writeBytes(bytes[rest..<place])
            result.writeStaticString("\\u002d")
            rest = place + 1
        }
        result.writeBytes(bytes[rest...])
        return result
    }

    private static let delimiter = "--orbited--"
}
