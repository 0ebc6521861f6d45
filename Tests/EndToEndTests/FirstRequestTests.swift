import NIOCore
import Testing

extension EndToEnd {
    /// The server reads plain requests for streams without the parser that reads all others.
    @Suite("First requests")
    struct FirstRequestTests {
        @Test(
            "a stream begins alike, whether its request is plain or not",
            arguments: [
                "/chat?user=USER", "/chat?user=USER&transport=ndjson", "/chat|USER,0,iframe",
                "/chat?user=USER&last=never",
            ],
            [[], ["Origin: http://example.org"], ["Cookie: session=7", "Accept: */*"]])
        func alike(target: String, fields: [String]) async throws {
            try await TestServer.run { server in
                func beginning(_ user: String, _ more: [String]) async throws -> [String] {
                    let browser = try await Browser.connect(to: server)
                    try await browser.get(target.replacing("USER", with: user), fields + more)
                    let head = try await browser.head()
                    let chunk = try await browser.chunk()
                    await browser.close()
                    return [head.status] + head.lines.filter { !$0.hasPrefix("Date: ") } + [chunk]
                }
                let plain = try await beginning("a", [])
                #expect(plain.first == "HTTP/1.1 200 OK")
                // Such names are allowed, and only the parser knows them.
                #expect(try await beginning("b", ["X!: y"]) == plain)
            }
        }

        @Test("a request that comes byte by byte is read")
        func pieces() async throws {
            try await TestServer.run { server in
                let browser = try await Browser.connect(to: server)
                for byte in "GET /chat?user=michael HTTP/1.1\r\nHost: example.org\r\n\r\n" {
                    try await browser.peer.send(String(byte))
                }
                #expect(try await browser.head().status == "HTTP/1.1 200 OK")
                #expect(try await browser.chunk().hasPrefix("retry: 1000\n"))
            }
        }

        @Test("a browser that asks plainly and says that it says no more has gone")
        func halfClosed() async throws {
            try await TestServer.run { server in
                let browser = try await Browser.connect(to: server)
                try await browser.get("/chat?user=michael")
                try await browser.peer.closeOutput()
                _ = try await browser.rest()
            }
        }

        @Test("a browser that says nothing, and that it says no more, is closed")
        func silent() async throws {
            try await TestServer.run { server in
                let browser = try await Browser.connect(to: server)
                try await browser.peer.closeOutput()
                #expect(try await browser.rest().isEmpty)
            }
        }

        @Test("a connection that has said nothing does not hold up a shutdown")
        func shutdown() async throws {
            let server = try await TestServer.start()
            let silent = try await Browser.connect(to: server)
            // It is accepted after the other one, so that the server knows of both.
            let other = try await Browser.stream("/chat?user=michael", from: server)
            try await server.stop()
            #expect(try await silent.rest().isEmpty)
            await other.close()
        }
    }
}
