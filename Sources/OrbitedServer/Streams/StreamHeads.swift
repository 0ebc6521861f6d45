import NIOCore
import OrbitedTransports

/// The bytes with which streams begin, made once: the heads of responses. Confined to a loop.
final class StreamHeads {
    private let heads: [ByteBuffer]
    private var date = HTTPDate()

    init(_ list: TransportList) {
        heads = list.all.flatMap { transport in
            Framing.allCases.map { framing in
                var head = ByteBuffer()
                head.writeString("Content-Type: \(transport.contentType)\r\n")
                for (name, value) in EventHeaders.all + transport.headers { head.writeString("\(name): \(value)\r\n") }
                if framing == .chunked { head.writeStaticString("Transfer-Encoding: chunked\r\n") }
                head.writeStaticString("Connection: close\r\n\r\n")
                return head
            }
        }
    }

    /// The present time as responses tell it.
    func dateNow() -> String { date.now() }

    /// The head of a response on that transport.
    func head(for transport: Int, _ framing: Framing, _ allowed: AllowedOrigin?) -> ByteBuffer {
        let rest = heads[transport * Framing.allCases.count + framing.rawValue]
        var head = ByteBuffer()
        head.reserveCapacity(rest.readableBytes + 64)
        head.writeStaticString("HTTP/1.1 200 OK\r\nDate: ")
        head.writeString(date.now())
        head.writeStaticString("\r\n")
        for (name, value) in allowed?.headers ?? [] { head.writeString("\(name): \(value)\r\n") }
        head.writeImmutableBuffer(rest)
        return head
    }
}

/// The headers of every response that carries events. [BRW-36]
enum EventHeaders {
    static let all: [(String, String)] = [
        ("Cache-Control", "no-store, no-transform"),
        ("X-Accel-Buffering", "no"),
        ("X-Content-Type-Options", "nosniff"),
    ]
}
