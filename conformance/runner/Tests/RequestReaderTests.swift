@testable import OrbitedConformance
import Testing

@Suite("A reader of browsers' requests")
struct RequestReaderTests {
    private static let two = """
        GET /chat?user=a&last=1 HTTP/1.1\r
        Host:example\r
        Accept: \t */* \r
        \r
        POST /chat?ack=1 HTTP/1.1\r
        content-length: 2\r
        \r
        hi
        """

    @Test("takes requests however they are cut", arguments: [1, 2, 5, 1000])
    func takesRequests(pieces: Int) throws {
        var reader = RequestReader()
        var requests: [Request] = []
        let bytes = Array(Self.two.utf8)
        for begin in stride(from: 0, to: bytes.count, by: pieces) {
            reader.append(bytes[begin..<min(begin + pieces, bytes.count)])
            while let request = try reader.next() { requests.append(request) }
        }
        #expect(requests.map(\.method) == ["GET", "POST"])
        #expect(requests.map(\.path) == ["/chat", "/chat"])
        #expect(requests.first?.values(of: "accept") == ["*/*"])
        #expect(requests.last?.body == Array("hi".utf8))
        #expect(reader.rest.isEmpty)
    }

    @Test("keeps what follows a request, such as the frames of a WebSocket")
    func keepsTheRest() throws {
        var reader = RequestReader()
        reader.append("GET / HTTP/1.1\r\n\r\n\u{1}".utf8)
        #expect(try reader.next() != nil)
        #expect(reader.rest == [1])
    }

    @Test(
        "refuses what is no request",
        arguments: [
            "Orbit 1.0\r\nEvent\r\n\r\n", "GET / HTTP/2\r\n\r\n", "GET / HTTP/1.1\r\nno header\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        ])
    func refuses(text: String) {
        var reader = RequestReader()
        reader.append(text.utf8)
        #expect(throws: Violation.self) { try reader.next() }
    }
}

@Suite("A reader of a browser's WebSocket")
struct SocketMessagesTests {
    private func masked(_ first: UInt8, _ text: String) -> [UInt8] {
        let mask: [UInt8] = [1, 2, 3, 4]
        let payload = Array(text.utf8).enumerated().map { $1 ^ mask[$0 % 4] }
        let count = payload.count
        let length: [UInt8] = count < 126 ? [0x80 | UInt8(count)] : [0xFE, UInt8(count >> 8), UInt8(count & 0xFF)]
        return [first] + length + mask + payload
    }

    @Test("puts fragments together, and takes what stands between them")
    func fragments() throws {
        var messages = SocketMessages()
        let long = String(repeating: "x", count: 300)
        for byte in masked(0x01, "a") + masked(0x89, "ping") + masked(0x80, long) + masked(0x88, "\u{3}\u{E9}") {
            messages.append([byte])
        }
        #expect(try messages.next() == "a" + long)
        #expect(try messages.next() == nil)
    }

    @Test("refuses a frame without a mask, with reserved bits, or of another opcode, and a lost fragment")
    func refuses() {
        for bytes in [
            WebSocketFrame(.text, [0x41]).bytes(mask: nil), masked(0xC1, "a"), masked(0x82, "a"), masked(0x80, "a"),
        ] {
            var messages = SocketMessages()
            messages.append(bytes)
            #expect(throws: Violation.self) { try messages.next() }
        }
    }
}
