import NIOCore
import OrbitedCore
import OrbitedTransports
import Testing

@Suite("Encoding events")
struct EventEncoderTests {
    private final class NoSink: ReceiptSink {
        func report(_ reports: [Report]) {}
    }

    private let list = TransportList()

    private func event(_ body: String) -> Event {
        Event(body: ByteBuffer(string: body), recipients: [], number: 1, sink: NoSink())
    }

    /// Where the bytes lie in memory; two buffers that share them give the same.
    private func place(_ buffer: ByteBuffer) -> UnsafeRawPointer? {
        buffer.withUnsafeReadableBytes { $0.baseAddress }
    }

    @Test("an encoding is the transport's bytes in the framing", arguments: Framing.allCases)
    func encoding(framing: Framing) {
        let encoder = EventEncoder(list)
        let event = event("\"<a>\"")
        for (number, transport) in list.all.enumerated() {
            var piece = ByteBuffer()
            transport.write(event.body, into: &piece)
            #expect(encoder.encoding(of: event, for: number, framing) == framing.framed(piece))
        }
    }

    @Test("all connections of one transport and framing share one encoding")
    func shared() {
        let encoder = EventEncoder(list)
        let event = event("1")
        let places = list.all.indices.flatMap { number in
            Framing.allCases.map { framing in
                let first = encoder.encoding(of: event, for: number, framing)
                let second = encoder.encoding(of: event, for: number, framing)
                #expect(place(first) == place(second))
                return (place(first), first)
            }
        }
        #expect(Set(places.map(\.0)).count == list.all.count * Framing.allCases.count)
    }

    @Test("the next event has an encoding of its own, and so has the first again")
    func next() {
        let encoder = EventEncoder(list)
        let first = event("1")
        let second = event("2")
        let encodings = [first, second, first].map { encoder.encoding(of: $0, for: 3, .close) }
        #expect(encodings.map { String(buffer: $0) } == ["data: 1\n\n", "data: 2\n\n", "data: 1\n\n"])
    }

    @Test("an event is let go of when the encoder forgets")
    func forget() {
        let encoder = EventEncoder(list)
        weak var last: Event?
        do {
            let event = event("1")
            last = event
            _ = encoder.encoding(of: event, for: 0, .chunked)
        }
        #expect(last != nil)
        encoder.forget()
        #expect(last == nil)
    }

    @Test("a heartbeat is framed like an event", arguments: Framing.allCases)
    func heartbeat(framing: Framing) {
        let encoder = EventEncoder(list)
        for (number, transport) in list.all.enumerated() {
            #expect(encoder.heartbeat(for: number, framing) == transport.heartbeat.map { framing.framed($0) })
        }
    }
}
