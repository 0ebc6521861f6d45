import NIOCore
import Testing

extension EndToEnd {
    @Suite("Sessions that an application closes, over sockets")
    struct ClosedTests {
        private func close(_ server: TestServer, _ application: WebApplication) async throws -> String {
            try await application.ask("Close", "c", "recipient: m, 0, /c", "reason: \"bye\" <b>")
        }

        private static let object = #"{"closed":"closed","reason":"\"bye\" \u003cb\u003e"}"#

        @Test("streams are told so and end", arguments: [1, 2], ["sse", "ndjson"])
        func streams(loops: Int, transport: String) async throws {
            try await TestServer.run(loops: loops) { server in
                let application = try await WebApplication.connect(to: server)
                let browser = try await Browser.connect(to: server)
                try await browser.get("/c?user=m&transport=\(transport)")
                _ = try await browser.head()
                _ = try await browser.chunk()
                try await application.waitUntilPresent(1)
                #expect(try await close(server, application) == WebApplication.done("c", "closed: 1"))
                let told = transport == "sse" ? "event: closed\ndata: \"bye\" <b>\n\n" : Self.object + "\n"
                #expect(try await browser.chunk() == told)
                #expect(try await browser.rest() == "0\r\n\r\n")
                #expect(try await close(server, application) == WebApplication.done("c", "closed: 0"))
            }
        }

        @Test("a WebSocket gets the message and the code 4002", arguments: [1, 2])
        func socket(loops: Int) async throws {
            try await TestServer.run(loops: loops) { server in
                let application = try await WebApplication.connect(to: server)
                let browser = try await Browser.connect(to: server)
                try await browser.get(
                    "/c?user=m&transport=ws",
                    [
                        "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    ])
                #expect(try await browser.head().status == "HTTP/1.1 101 Switching Protocols")
                _ = try await browser.peer.take(through: "}")
                try await application.waitUntilPresent(1)
                #expect(try await close(server, application) == WebApplication.done("c", "closed: 1"))
                let message = [0x81, UInt8(Self.object.utf8.count)] + Array(Self.object.utf8)
                let frames = message + [0x88, 8, 0x0F, 0xA2] + Array("closed".utf8)
                #expect(Array(try await browser.peer.take(count: frames.count).readableBytesView) == frames)
            }
        }

        @Test("a poll that waits is answered so", arguments: ["poll", "jsonp"])
        func polls(transport: String) async throws {
            try await TestServer.run(loops: 1) { server in
                let application = try await WebApplication.connect(to: server)
                let browser = try await Browser.connect(to: server)
                let target = "/c?user=m&transport=\(transport)" + (transport == "jsonp" ? "&callback=got" : "")
                let told = transport == "jsonp" ? "/**/got(\(Self.object));\n" : Self.object
                try await browser.get(target)
                for _ in 0..<1_000 {
                    let body = try await browser.response().body
                    if body == told { return }
                    // The session was closed before the poll was there; it has begun anew.
                    let cursor = try #require(body.firstMatch(of: /"cursor":"([^"]+)"/)?.1)
                    try await browser.get(target + "&last=\(cursor)")
                    #expect(try await close(server, application) == WebApplication.done("c", "closed: 1"))
                }
                Issue.record("the poll was never told")
            }
        }

        @Test("what waits for it is refused, and a browser that comes then begins anew")
        func refused() async throws {
            try await TestServer.run { server in
                let application = try await WebApplication.connect(to: server)
                let browser = try await Browser.connect(to: server)
                try await browser.get("/c|m,0,xhr")
                try await application.waitUntilReached(["m, 0, /c"], "first")
                try await application.peer.send(
                    WebApplication.event11("1", to: ["m, 0, /c"], "waits")
                        + WebApplication.orbit11("Close", "2", ["recipient: *, *, /c"]))
                let replies = [try await application.reply(), try await application.reply()]
                let refused =
                    "Failure\r\nid: 1\r\nmsg: Failed to reach one or more recipients\r\nreached: 0\r\n"
                    + "unreached: 304 refused (m, 0, /c)\r\n\r\n"
                #expect(Set(replies) == [refused, WebApplication.done("2", "closed: 1")])
                let next = try await Browser.stream("/c?user=m", from: server)
                try await application.deliver("3", to: ["m, 0, /c"], "3")
                #expect(try await next.event() == "data: 3\n\n")
            }
        }
    }
}
