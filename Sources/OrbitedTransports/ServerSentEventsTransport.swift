import NIOCore
import OrbitedCore
import OrbitedWire

/// Server-sent events as Opera 9 had them, before the standard. `protocol/transports/server_sent_events.md`
struct ServerSentEventsTransport: Transport {
    let name = "server_sent_events"
    let kind = OutletKind.stream
    let contentType = "application/x-dom-event-stream"
    let heartbeat: ByteBuffer? = ByteBuffer(string: "Event: ping\ndata: \\o/\n\n")

    func write(_ body: ByteBuffer, cursor: Cursor, into buffer: inout ByteBuffer) {
        buffer.writeStaticString("Event: orbited\n")
        body.writeDataLines(into: &buffer)
    }
}
