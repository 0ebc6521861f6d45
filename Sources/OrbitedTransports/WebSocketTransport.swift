import NIOCore
import OrbitedCore
import OrbitedWire

/// Messages of a WebSocket. `protocol/transports/ws.md`
struct WebSocketTransport: Transport {
    let name = "ws"
    let kind = OutletKind.stream
    let carrier = Carrier.webSocket
    // Of the refusals: a socket has none.
    let contentType = "text/plain; charset=utf-8"
    let hasCursors = true
    let heartbeat: ByteBuffer? = Envelope.heartbeat

    func preamble(at mark: Mark) -> ByteBuffer { Envelope.mark(mark) }

    func mark(_ mark: Mark) -> ByteBuffer? { Envelope.mark(mark) }

    func write(_ body: ByteBuffer, cursor: Cursor, into buffer: inout ByteBuffer) {
        Envelope.writeEvent(body, cursor: cursor, into: &buffer)
    }

    func farewell(_ reason: EndReason) -> ByteBuffer? { Envelope.end(reason) }
}

extension WebSocketCloseCode {
    /// The code that goes with the end of a connection. [WSK-14]
    public init(_ reason: EndReason) {
        switch reason {
        case .replaced, .switched: self = .replaced
        case .closed: self = .closed
        case .timeout, .shutdown, .stalled: self = .shutdown
        }
    }
}
