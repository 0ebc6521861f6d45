import NIOCore
import OrbitedCore
import OrbitedWire

/// The standard's server-sent events, for `EventSource`. `protocol/transports/sse.md`
struct SSETransport: Transport {
    let name = "sse"
    let kind = OutletKind.stream
    let contentType = "text/event-stream"
    let hasCursors = true
    let preamble = ByteBuffer(string: "retry: 1000\n\n")
    let heartbeat: ByteBuffer? = ByteBuffer(string: ":\n\n")

    /// The position goes into the same block as `retry`: a block without data is no event, but its `id` counts. [SSE-17]
    func preamble(at mark: Mark) -> ByteBuffer {
        guard !mark.isGap else {
            var whole = preamble
            whole.writeImmutableBuffer(gap(mark.cursor))
            return whole
        }
        return ByteBuffer(string: "retry: 1000\nid: \(mark.cursor)\n\n")
    }

    func mark(_ mark: Mark) -> ByteBuffer? {
        mark.isGap ? gap(mark.cursor) : ByteBuffer(string: "id: \(mark.cursor)\n\n")
    }

    private func gap(_ cursor: Cursor) -> ByteBuffer { ByteBuffer(string: "event: gap\nid: \(cursor)\ndata: \n\n") }

    func write(_ body: ByteBuffer, cursor: Cursor, into buffer: inout ByteBuffer) {
        buffer.writeText(atMost: Cursor.maxOwnLength + 5) { text in
            text.append("id: ")
            cursor.write(to: &text)
            text.append("\n")
        }
        body.writeDataLines(into: &buffer)
    }

    func farewell(_ reason: EndReason) -> ByteBuffer? {
        switch reason {
        // An `EventSource` comes back unless it is told not to, whoever took over. [SSE-10]
        case .replaced, .switched: ByteBuffer(string: "event: replaced\ndata: \n\n")
        case .closed(let words): closed(words)
        case .shutdown: ByteBuffer(string: "retry: \(Int.random(in: Self.comeback))\n\n")
        case .timeout, .stalled: nil
        }
    }

    /// After how many milliseconds a browser comes back to a server that stopped: another time for each, or they would
    /// all come in the same moment. [SSE-22]
    private static let comeback = 1_000...6_000

    /// [SSE-21]
    private func closed(_ words: String) -> ByteBuffer {
        var event = ByteBuffer(string: "event: closed\n")
        ByteBuffer(string: words).writeDataLines(into: &event)
        return event
    }
}
