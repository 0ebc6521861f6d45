import NIOCore
import OrbitedWire
import Testing

@testable import OrbitedClient

@Suite("Frames that this client writes and the server reads")
struct RoundTripTests {
    private func outputs(_ frames: [Frame], _ version: Frame.Version, byByte: Bool) -> [ControlDecoder.Output] {
        var buffer = ByteBuffer()
        for (index, frame) in frames.enumerated() { frame.write(version, id: "Zoë: \(index)", into: &buffer) }
        var decoder = ControlDecoder()
        var found: [ControlDecoder.Output] = []
        while let part = buffer.readSlice(length: byByte ? 1 : buffer.readableBytes), part.readableBytes > 0 {
            decoder.append(part)
            while let output = decoder.next() { found.append(output) }
        }
        #expect(!decoder.isInFrame)
        return found
    }

    @Test("an event is read as it was meant", arguments: [false, true])
    func events(byByte: Bool) throws {
        let keys = try ["u, s, /a: b, c", "u, s, /a: b, c"].map { try ConnectionKey($0) }
        let pattern = try #require(try KeyPattern("*, é, *"))
        let all = ByteBuffer(bytes: UInt8.min...UInt8.max)
        let frames = [
            try Frame.event(to: [], body: ByteBuffer()),
            try .event(to: keys.map { .key($0) }, body: ByteBuffer(string: "\r\n\r\n")),
            try .event(to: keys.map { .key($0) } + [.pattern(pattern)], body: all, ack: .browser, ttl: 0),
        ]
        let bodies = [ByteBuffer(), ByteBuffer(string: "\r\n\r\n"), all]
        let terms = EventFrame.Terms(patterns: [pattern], ack: .browser, ttl: 0)
        #expect(
            outputs(frames, .orbit11, byByte: byByte) == [
                .event(EventFrame(id: "Zoë: 0", recipients: [], body: bodies[0], terms: .init())),
                .event(EventFrame(id: "Zoë: 1", recipients: keys, body: bodies[1], terms: .init())),
                .event(EventFrame(id: "Zoë: 2", recipients: keys, body: bodies[2], terms: terms)),
            ])
        #expect(
            outputs(Array(frames.prefix(2)), .orbit10, byByte: byByte) == [
                .event(EventFrame(id: "Zoë: 0", recipients: [], body: bodies[0])),
                .event(EventFrame(id: "Zoë: 1", recipients: keys, body: bodies[1])),
            ])
    }

    @Test("whatever else is asked is read as it was meant", arguments: [false, true])
    func requests(byByte: Bool) throws {
        let key = try ConnectionKey("u, s, /x")
        let place = NoticePlace(epoch: "e", sequence: 7)
        let frames = [
            try Frame.auth(ByteBuffer(string: "sesame")), .ping, try .watch([.key(key)], state: true, since: place),
            .unwatch("2"), try .list([.key(key)], limit: 5), try .close([.key(key)], reason: "Good bye."),
        ]
        let one = Recipients(keys: [key])
        let requests: [ControlRequest] = [
            .auth(secret: ByteBuffer(string: "sesame")), .ping,
            .watch(WatchRequest(recipients: one, wantsState: true, last: place)), .unwatch(name: "2"),
            .list(one, limit: 5), .close(one, reason: "Good bye."),
        ]
        #expect(
            outputs(frames, .orbit11, byByte: byByte)
                == requests.enumerated().map { .request(id: "Zoë: \($0.offset)", $0.element) })
    }
}
