import NIOCore
import OrbitedCore
import OrbitedWire

/// A line of JSON for each event, for `fetch`. `protocol/transports/ndjson.md`
struct NDJSONTransport: Transport {
    let name = "ndjson"
    let kind = OutletKind.stream
    let contentType = "application/x-ndjson"
    let hasCursors = true
    let preamble = Self.line(Envelope.heartbeat)
    let heartbeat: ByteBuffer? = Self.line(Envelope.heartbeat)

    func preamble(at mark: Mark) -> ByteBuffer { Self.line(Envelope.mark(mark)) }

    func mark(_ mark: Mark) -> ByteBuffer? { Self.line(Envelope.mark(mark)) }

    func write(_ body: ByteBuffer, cursor: Cursor, into buffer: inout ByteBuffer) {
        Envelope.writeEvent(body, cursor: cursor, into: &buffer)
        buffer.writeStaticString("\n")
    }

    func farewell(_ reason: EndReason) -> ByteBuffer? { Envelope.end(reason).map(Self.line) }

    private static func line(_ object: ByteBuffer) -> ByteBuffer {
        var line = object
        line.writeStaticString("\n")
        return line
    }
}
