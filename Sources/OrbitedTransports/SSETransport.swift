import NIOCore
import OrbitedCore

/// The standard's server-sent events, for `EventSource`. `protocol/transports/sse.md`
struct SSETransport: Transport {
    let name = "sse"
    let kind = OutletKind.stream
    let contentType = "text/event-stream"
    let preamble = ByteBuffer(string: "retry: 1000\n\n")
    let heartbeat: ByteBuffer? = ByteBuffer(string: ":\n\n")

    /// Writes a `data:` line for each line of the body, so that no body can end the event or begin a field. [SSE-4] [SSE-5]
    func write(_ body: ByteBuffer, into buffer: inout ByteBuffer) {
        body.withUnsafeReadableBytes { bytes in
            var rest = bytes[...]
            while true {
                buffer.writeStaticString("data: ")
                guard let end = rest.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) else { break }
                buffer.writeBytes(rest[..<end])
                buffer.writeStaticString("\n")
                let isCRLF = rest[end] == 0x0D && end + 1 < rest.endIndex && rest[end + 1] == 0x0A
                rest = rest[(end + (isCRLF ? 2 : 1))...]
            }
            buffer.writeBytes(rest)
        }
        buffer.writeStaticString("\n\n")
    }

    func farewell(_ reason: EndReason) -> ByteBuffer? {
        switch reason {
        // An `EventSource` comes back unless it is told not to, whoever took over. [SSE-10]
        case .replaced, .switched: ByteBuffer(string: "event: replaced\ndata: \n\n")
        case .timeout, .shutdown, .stalled: nil
        }
    }
}
