import NIOCore
import OrbitedCore
import OrbitedTransports
import OrbitedWire
import Testing

@Suite("Encoding events")
struct EventEncoderTests {
    private final class NoSink: ReceiptSink {
        func report(_ reports: [Report]) {}
    }

    private let list = TransportList(allowsRaw: true)
    private let epoch: UInt64 = 7

    private func event(_ body: String) -> Event {
        Event(body: ByteBuffer(string: body), recipients: [], number: 1, sink: NoSink(), time: .now())
    }

    /// Where the bytes lie in memory; two buffers that share them give the same.
    private func place(_ buffer: ByteBuffer) -> UnsafeRawPointer? {
        buffer.withUnsafeReadableBytes { $0.baseAddress }
    }

    @Test("an encoding is the transport's bytes in the framing", arguments: Framing.allCases)
    func encoding(framing: Framing) {
        let encoder = EventEncoder(list, epoch: epoch)
        let event = event("\"<a>\"")
        for (number, transport) in list.all.enumerated() {
            var piece = ByteBuffer()
            transport.write(event.body, cursor: Cursor(epoch: epoch, serial: event.serial), into: &piece)
            #expect(encoder.encoding(of: event, for: number, framing) == framing.framed(piece))
        }
    }

    @Test("all connections of one transport and framing share one encoding")
    func shared() {
        let encoder = EventEncoder(list, epoch: epoch)
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

    @Test("an event of one transport is put together once for all framings and batches")
    func part() throws {
        let encoder = EventEncoder(list, epoch: epoch)
        let event = event("1")
        for number in list.all.indices {
            let part = encoder.part(of: event, for: number)
            #expect(place(part) == place(encoder.part(of: event, for: number)))
            #expect(encoder.encoding(of: event, for: number, .chunked) == Framing.chunked.framed(part))
        }
    }

    @Test("the next event has an encoding of its own, and so has the first again")
    func next() throws {
        let encoder = EventEncoder(list, epoch: epoch)
        let number = try #require(list.number(of: "xhr", in: .query))
        let first = event("1")
        let second = event("2")
        let encodings = [first, second, first].map { encoder.encoding(of: $0, for: number, .close) }
        #expect(encodings.map { String(buffer: $0) } == ["1", "2", "1"])
    }

    @Test("an event is let go of when the encoder forgets")
    func forget() {
        let encoder = EventEncoder(list, epoch: epoch)
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

    @Test("a heartbeat is framed like an event, and on a WebSocket a ping goes with it", arguments: Framing.allCases)
    func heartbeat(framing: Framing) {
        let encoder = EventEncoder(list, epoch: epoch)
        let ping = framing == .message ? ByteBuffer(bytes: [0x89, 0x00]) : ByteBuffer()
        for (number, transport) in list.all.enumerated() {
            let expected = transport.heartbeat.map { heartbeat in
                var bytes = ping
                bytes.writeImmutableBuffer(framing.framed(heartbeat))
                return bytes
            }
            #expect(encoder.heartbeat(for: number, framing) == expected)
        }
    }
}
