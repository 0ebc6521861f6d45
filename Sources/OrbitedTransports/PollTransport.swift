import NIOCore
import OrbitedCore
import OrbitedWire

/// A long poll that is answered with all that waits, and a cursor. `protocol/transports/poll.md`
struct PollTransport: Transport {
    let name = "poll"
    let kind = OutletKind.batch
    let contentType = "application/json"
    let hasCursors = true

    func write(_ body: ByteBuffer, cursor: Cursor, into buffer: inout ByteBuffer) {
        Envelope.writeValue(body, into: &buffer)
    }

    func response(_ parts: [ByteBuffer], mark: Mark, callback: String?) -> ByteBuffer { Envelope.batch(parts, mark) }

    func response(ending reason: EndReason, mark: Mark?, callback: String?) -> ByteBuffer {
        Envelope.end(reason) ?? Envelope.heartbeat
    }
}
