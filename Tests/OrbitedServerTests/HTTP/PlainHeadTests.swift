import NIOCore
import NIOEmbedded
import NIOHTTP1
import OrbitedTesting
import Testing

@testable import OrbitedServer

@Suite("Plain heads")
struct PlainHeadTests {
    private static let browsers = """
        GET /chat?user=michael&session=0&transport=sse HTTP/1.1\r
        Host: example.org:8000\r
        Connection: keep-alive\r
        Accept: text/event-stream\r
        Cache-Control: no-cache\r
        Last-Event-ID: 0123456789-12\r
        Cookie: session=1; a="b"\r
        Empty:\r
        Padded: \t a  b\r
        \r

        """

    @Test("A browser's head is read as NIO's parser reads it")
    func isRead() throws {
        let head = try #require(PlainHead.read(ByteBuffer(string: Self.browsers)))
        #expect(head == Self.parsed(Array(Self.browsers.utf8)))
        #expect(head.headers["Padded"] == ["a  b"])
    }

    @Test(
        "What is not plain, not whole, or not alone is left to the parser",
        arguments: [
            "", "GET", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nA: b\r\n", "GET / HTTP/1.1\r\n\r\nG",
            "POST / HTTP/1.1\r\n\r\n", "HEAD / HTTP/1.1\r\n\r\n", "get / HTTP/1.1\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.0\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "GET * HTTP/1.1\r\n\r\n", "GET /\r\n\r\n",
            "GET http://a/ HTTP/1.1\r\n\r\n", "GET /\u{e9} HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\n\n",
            "\r\nGET / HTTP/1.1\r\n\r\n",
        ])
    func isLeft(text: String) {
        #expect(PlainHead.read(ByteBuffer(string: text)) == nil)
    }

    @Test(
        "A field that is malformed, or has to do with more than itself, is left to the parser",
        arguments: [
            "A b", ": b", "A : b", "A: b\r\n c", "A: b\rc", "A: b ", "A: b\t", "A: \u{e9}", "A: \u{0}",
            "Content-Length: 0", "content-length: 1", "Transfer-Encoding: chunked", "Expect: 100-continue",
            "UPGRADE: websocket", "Connection: Upgrade", "Connection: keep-alive, Upgrade", "Proxy-Connection: a",
        ])
    func fieldIsLeft(field: String) {
        #expect(PlainHead.read(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: a\r\n\(field)\r\n\r\n")) == nil)
    }

    @Test("However a head is spoiled, it is read as the parser reads it, or not at all", arguments: 1...8)
    func spoiled(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        var read = 0
        for _ in 0..<500 {
            var bytes = Array(Self.browsers.utf8)
            for _ in 0..<Int.random(in: 1...3, using: &generator) { Self.spoil(&bytes, using: &generator) }
            guard let head = PlainHead.read(ByteBuffer(bytes: bytes)) else { continue }
            read += 1
            #expect(head == Self.parsed(bytes), "\(String(decoding: bytes, as: UTF8.self))")
        }
        #expect(read > 20, "most are not even read, so that this shows nothing")
    }

    private static func spoil(_ bytes: inout [UInt8], using generator: inout SeededGenerator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes[place] = Array(" \t\r\n:;,%?#aZ0-_/".utf8).randomElement(using: &generator) ?? 0
        case 2: bytes.remove(at: place)
        default: bytes.insert(bytes[place], at: place)
        }
    }

    /// The head as NIO's parser reads it, if nothing but it comes out of these bytes.
    private static func parsed(_ bytes: [UInt8]) -> HTTPRequestHead? {
        let channel = EmbeddedChannel(handler: ByteToMessageHandler(HTTPRequestDecoder()))
        defer { _ = try? channel.finish() }
        guard (try? channel.writeInbound(ByteBuffer(bytes: bytes))) != nil,
            case .head(let head)? = try? channel.readInbound(as: HTTPServerRequestPart.self),
            case .end(nil)? = try? channel.readInbound(as: HTTPServerRequestPart.self)
        else { return nil }
        return head
    }
}
