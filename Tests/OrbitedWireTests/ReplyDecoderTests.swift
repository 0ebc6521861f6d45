import NIOCore
import OrbitedWire
import Testing

@Suite("Replies that are wrong or unusual")
struct ReplyDecoderTests {
    private func replies(_ text: String) throws -> [Reply] {
        var decoder = ReplyDecoder()
        return try decoder.replies(of: [Array(text.utf8)[...]])
    }

    @Test(
        "a first line that is neither Success nor Failure is refused",
        arguments: ["", "Success ", "HTTP/1.1 200 OK", "Success: ", "W\u{f6}rd"])
    func notAReply(line: String) {
        #expect(throws: ReplyError.notAReply(line)) { try replies("\(line)\r\n") }
    }

    @Test("a line that ends with LF alone is taken")
    func lineFeed() throws {
        #expect(try replies("Success\nid: 7\n\n") == [Reply(isSuccess: true, id: "7")])
    }

    @Test("a code without digits at its beginning is no code", arguments: ["unreachable", "", "99999"])
    func codeWithoutNumber(code: String) throws {
        #expect(try replies("Failure\r\ncode: \(code)\r\n\r\n") == [Reply(isSuccess: false)])
    }

    @Test(
        "a code has the name that stands behind it",
        arguments: [("402 shutting_down", "shutting_down"), ("402", nil)])
    func codeName(value: String, name: String?) throws {
        var decoder = ReplyDecoder()
        decoder.append(ByteBuffer(string: "Failure\r\ncode: \(value)\r\n\r\n"))
        guard case .reply(let reply) = try decoder.next() else {
            Issue.record("there is no reply")
            return
        }
        #expect(reply.code == 402)
        #expect(reply.codeName == name)
    }

    @Test("a recipient is read by bytes, whatever characters its own make with the parentheses")
    func combiningCharacters() throws {
        let key = "\u{301}u, 0, /\u{301}"
        #expect(try replies("Failure\r\nrecipient: (\(key))\r\n\r\n") == [Reply(isSuccess: false, unreached: [key])])
    }

    @Test("a recipient without parentheses is taken as it is", arguments: ["u, 0, /l", "(u, 0, /l", "u, 0, /l)", "("])
    func withoutParentheses(key: String) throws {
        #expect(try replies("Failure\r\nrecipient: \(key)\r\n\r\n") == [Reply(isSuccess: false, unreached: [key])])
    }

    @Test("a line that never ends is refused")
    func endlessLine() throws {
        var decoder = ReplyDecoder(limit: 100)
        decoder.append(ByteBuffer(string: "Failure\r\nmsg: "))
        #expect(try decoder.next() == nil)
        decoder.append(ByteBuffer(repeating: UInt8(ascii: "x"), count: 100))
        #expect(throws: ReplyError.tooLong) { try decoder.next() }
    }

    @Test("a reply with endless headers is refused")
    func endlessHeaders() throws {
        var decoder = ReplyDecoder(limit: 100)
        #expect(throws: ReplyError.tooLong) {
            _ = try decoder.replies(of: Array(repeating: Array("Failure\r\n".utf8)[...], count: 100))
        }
    }

    @Test("a reply that has exactly the limit is taken, and the next one has all of it again")
    func limitIsForOneReply() throws {
        let reply = Array("Success\r\nid: 7\r\n\r\n".utf8)
        var decoder = ReplyDecoder(limit: reply.count)
        #expect(try decoder.replies(of: [reply[...], reply[...], (reply + reply)[...]]).count == 4)
    }
}
