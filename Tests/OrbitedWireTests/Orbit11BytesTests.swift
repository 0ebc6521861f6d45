import NIOCore
import OrbitedWire
import Testing

@Suite("Orbit 1.1 as it is written")
struct Orbit11BytesTests {
    private func key(_ text: String) throws -> ConnectionKey { try ConnectionKey(text) }

    private func bytes(_ reply: ControlReply) -> String {
        var buffer = ByteBuffer()
        reply.write(into: &buffer)
        return String(buffer: buffer)
    }

    private func bytes(_ notice: Notice) -> String {
        var buffer = ByteBuffer()
        notice.write(watch: "chat", epoch: "9f3a01b2c4", into: &buffer)
        return String(buffer: buffer)
    }

    @Test("the specification's receipt is written as it stands there")
    func fates() throws {
        let fates = [
            ControlReply.Fate(try key("michael, 0, /news"), .unreachable),
            ControlReply.Fate(try key("jacob, 0, /chat"), .unconfirmed),
        ]
        #expect(
            bytes(.fates(id: "7", reached: 12, unreached: fates)) == """
                Failure\r
                id: 7\r
                msg: Failed to reach one or more recipients\r
                reached: 12\r
                unreached: 301 unreachable (michael, 0, /news)\r
                unreached: 305 unconfirmed (jacob, 0, /chat)\r
                \r\n
                """)
    }

    @Test("what was carried out is a success with its headers, the id first")
    func done() {
        #expect(bytes(.done(id: "7")) == "Success\r\nid: 7\r\n\r\n")
        #expect(bytes(.done(id: "7", headers: [.init("reached", 2)])) == "Success\r\nid: 7\r\nreached: 2\r\n\r\n")
        let watch = [ControlReply.Header("epoch", "9f3a01b2c4"), .init("sequence", 41), .init("present", 1)]
        #expect(
            bytes(.done(id: "chat", headers: watch))
                == "Success\r\nid: chat\r\nepoch: 9f3a01b2c4\r\nsequence: 41\r\npresent: 1\r\n\r\n")
    }

    @Test("a body follows with its length in bytes, also if it is empty")
    func body() {
        let list = ControlReply.done(id: "7", headers: [.init("keys", 1)], body: ByteBuffer(string: "é, 0, /l\n"))
        #expect(bytes(list) == "Success\r\nid: 7\r\nkeys: 1\r\nlength: 10\r\n\r\né, 0, /l\n")
        #expect(bytes(.done(id: "7", body: ByteBuffer())) == "Success\r\nid: 7\r\nlength: 0\r\n\r\n")
    }

    @Test("the specification's notices are written as they stand there")
    func notices() throws {
        let head = "watch: chat\r\nepoch: 9f3a01b2c4\r\n"
        #expect(
            bytes(Notice(sequence: 41, key: try key("jacob, 0, /chat"), news: .present))
                == "Present\r\n\(head)sequence: 41\r\nkey: (jacob, 0, /chat)\r\n\r\n")
        #expect(
            bytes(Notice(sequence: 42, key: try key("michael, 0, /chat"), news: .signon))
                == "Signon\r\n\(head)sequence: 42\r\nkey: (michael, 0, /chat)\r\n\r\n")
        let end = Notice.Signoff(reason: .expired, missed: ["7"])
        #expect(
            bytes(Notice(sequence: 57, key: try key("jacob, 0, /chat"), news: .signoff(end)))
                == "Signoff\r\n\(head)sequence: 57\r\nkey: (jacob, 0, /chat)\r\nreason: expired\r\nmissed: 7\r\n\r\n")
    }

    @Test("a sign-off names all that was missed, and then all that is unconfirmed")
    func signoff() throws {
        let end = Notice.Signoff(reason: .closed, missed: ["7", "a: b"], unconfirmed: ["5", "6"])
        let text = bytes(Notice(sequence: 1, key: try key("u, s, /l"), news: .signoff(end)))
        #expect(
            text.hasSuffix(
                "reason: closed\r\nmissed: 7\r\nmissed: a: b\r\nunconfirmed: 5\r\nunconfirmed: 6\r\n\r\n"))
    }
}
