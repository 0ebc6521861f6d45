import NIOCore
import OrbitedWire
import Testing

@Suite("Replies as they are written")
struct ControlReplyTests {
    private func key(_ text: String) throws -> ConnectionKey { try ConnectionKey(text) }

    private func bytes(_ reply: ControlReply) -> String {
        var buffer = ByteBuffer()
        reply.write(into: &buffer)
        return String(buffer: buffer)
    }

    @Test("a success for an id of one digit has the 18 bytes of 2007")
    func success() {
        #expect(bytes(.success(id: "7")) == "Success\r\nid: 7\r\n\r\n")
    }

    @Test("a receipt names the recipients that were not reached, and has no code")
    func unreached() throws {
        let reply = ControlReply.unreached(id: "7", recipients: [try key("jacob, 0, /chat"), try key("z, 1, /é")])
        #expect(
            bytes(reply) == "Failure\r\nid: 7\r\nmsg: Failed to reach one or more recipients\r\n"
                + "recipient: (jacob, 0, /chat)\r\nrecipient: (z, 1, /é)\r\n\r\n")
    }

    @Test("a fault has its sentence, number and name")
    func fault() {
        #expect(
            bytes(.fault(id: "8", ControlFault(.bodyTooLarge, limit: 10)))
                == "Failure\r\nid: 8\r\nmsg: The body is longer than 10 bytes\r\ncode: 204 body_too_large\r\n\r\n")
    }

    @Test("a fault without an id has no id line")
    func faultWithoutID() {
        #expect(
            bytes(.fault(id: nil, ControlFault(.badVersion)))
                == "Failure\r\nmsg: The frame does not begin with Orbit\r\ncode: 101 bad_version\r\n\r\n")
    }

    @Test("a client reads what the server writes")
    func clientReadsServer() throws {
        let recipient = try key("jacob, 0, /a: (b), c")
        var buffer = ByteBuffer()
        ControlReply.success(id: "1").write(into: &buffer)
        ControlReply.unreached(id: "2", recipients: [recipient]).write(into: &buffer)
        ControlReply.fault(id: nil, ControlFault(.shuttingDown)).write(into: &buffer)
        var decoder = ReplyDecoder()
        #expect(
            try decoder.replies(of: [Array(buffer.readableBytesView)[...]]) == [
                Reply(isSuccess: true, id: "1"),
                Reply(
                    isSuccess: false, id: "2", message: ControlCode.unreachable.message,
                    unreached: [recipient.description]),
                Reply(isSuccess: false, message: ControlCode.shuttingDown.message, code: 402),
            ])
    }
}
