import NIOCore
import OrbitedServer
import Testing

extension EndToEnd {
    @Suite("Pages of other origins")
    struct OriginTests {
        static let page = "https://page.example"
        /// A URL for each kind of response, and for each form.
        static let targets = [
            "/c?user=m", "/c?user=m&transport=iframe", "/c?user=m&transport=xhr", "/c|m", "/c|m,0,xhr",
        ]

        private static func serve(_ rule: OriginRule, _ test: (TestServer) async throws -> Void) async throws {
            try await TestServer.run {
                $0.http.origins = rule
                $0.transport.xhrTimeout = .milliseconds(50)
            } _: { server in
                try await test(server)
            }
        }

        private static func listing() throws -> OriginRule {
            .listed([try #require(WebOrigin("https://other.example")), try #require(WebOrigin(page))])
        }

        @Test("a page that is not listed gets 403, and no session begins", arguments: targets, ["GET", "POST", "HEAD"])
        func foreign(target: String, method: String) async throws {
            try await Self.serve(.listed([])) { server in
                let browser = try await Browser.connect(to: server)
                try await browser.request(method, target, ["Origin: \(Self.page)"])
                let head = try await browser.head()
                #expect(head.status == "HTTP/1.1 403 Forbidden")
                #expect(head["Access-Control-Allow-Origin"] == nil)
                if method != "HEAD" {
                    let body = String(
                        buffer: try await browser.peer.take(count: Int(head["Content-Length"] ?? "") ?? 0))
                    #expect(body.contains("[http]") && body.hasSuffix(".\n") && !body.contains("page.example"))
                }
                let application = try await WebApplication.connect(to: server)
                try await application.send("1", to: ["m, 0, /c"], "{}")
                #expect(try await application.reply() == WebApplication.failure("1", ["m, 0, /c"]))
            }
        }

        @Test(
            "a page that a browser only hints at gets 403",
            arguments: ["Referer: \(page)/chat", "Sec-Fetch-Site: cross-site"])
        func hinted(header: String) async throws {
            try await Self.serve(.listed([])) { server in
                let browser = try await Browser.connect(to: server)
                try await browser.get("/c?user=m&transport=iframe", [header])
                #expect(try await browser.head().status == "HTTP/1.1 403 Forbidden")
            }
        }

        @Test("a page that is not listed can't take a session over")
        func takeover() async throws {
            try await Self.serve(.listed([])) { server in
                let own = try await Browser.stream("/c?user=m", from: server)
                let foreign = try await Browser.connect(to: server)
                try await foreign.get("/c?user=m", ["Origin: null"])
                #expect(try await foreign.head().status == "HTTP/1.1 403 Forbidden")
                let application = try await WebApplication.connect(to: server)
                try await application.deliver("1", to: ["m, 0, /c"], "{}")
                #expect(try await own.event() == "data: {}\n\n")
            }
        }

        @Test("a page of the server's own origin gets events without further headers", arguments: targets)
        func same(target: String) async throws {
            try await Self.serve(.listed([])) { server in
                let browser = try await Browser.connect(to: server)
                try await browser.get(target, ["Origin: http://example.org", "Sec-Fetch-Site: same-origin"])
                let head = try await browser.head()
                #expect(head.status == "HTTP/1.1 200 OK")
                #expect(head["Access-Control-Allow-Origin"] == nil && head["Vary"] == nil)
            }
        }

        @Test("a listed page may read streams, polls and heads", arguments: targets, ["GET", "HEAD"])
        func listed(target: String, method: String) async throws {
            try await Self.serve(Self.listing()) { server in
                let browser = try await Browser.connect(to: server)
                try await browser.request(method, target, ["Origin: \(Self.page)"])
                let head = try await browser.head()
                #expect(head.status == "HTTP/1.1 200 OK")
                #expect(head["Access-Control-Allow-Origin"] == Self.page)
                #expect(head["Access-Control-Allow-Credentials"] == "true")
                #expect(head["Vary"] == "Origin")
            }
        }

        @Test("a listed page may read why it gets no events", arguments: ["/c", "/c?user=m&transport=tin", "/c|"])
        func faults(target: String) async throws {
            try await Self.serve(Self.listing()) { server in
                let browser = try await Browser.connect(to: server)
                try await browser.get(target, ["Origin: \(Self.page)"])
                let (head, body) = try await browser.response()
                #expect(head["Access-Control-Allow-Origin"] == Self.page)
                #expect(body.hasSuffix(".\n"))
            }
        }

        @Test("what one request of a connection may is not what the next one may")
        func keptAlive() async throws {
            try await Self.serve(Self.listing()) { server in
                let browser = try await Browser.connect(to: server)
                for (origin, status) in [
                    (Self.page, "200 OK"), ("https://third.example", "403 Forbidden"), (nil, "200 OK"),
                ] {
                    try await browser.get("/c?user=m&transport=xhr", origin.map { ["Origin: \($0)"] } ?? [])
                    let head = try await browser.response().head
                    #expect(head.status == "HTTP/1.1 \(status)")
                    #expect(head["Access-Control-Allow-Origin"] == (origin == Self.page ? Self.page : nil))
                }
            }
        }

        @Test("any page may read, without credentials, if all are let in", arguments: targets)
        func any(target: String) async throws {
            try await Self.serve(.any) { server in
                let browser = try await Browser.connect(to: server)
                try await browser.get(target, ["Origin: \(Self.page)"])
                let head = try await browser.head()
                #expect(head["Access-Control-Allow-Origin"] == "*")
                #expect(head["Access-Control-Allow-Credentials"] == nil)
            }
        }

        @Test(
            "a preflight is answered for listed pages alone",
            arguments: [(page, true), ("https://third.example", false)])
        func preflight(origin: String, isListed: Bool) async throws {
            try await Self.serve(Self.listing()) { server in
                let browser = try await Browser.connect(to: server)
                try await browser.request(
                    "OPTIONS", "/c?user=m",
                    [
                        "Origin: \(origin)", "Access-Control-Request-Method: GET",
                        "Access-Control-Request-Headers: last-event-id",
                    ])
                let head = try await browser.head()
                #expect(head.status == "HTTP/1.1 204 No Content")
                #expect(head["Allow"] == "GET, HEAD, POST, OPTIONS")
                #expect(head["Access-Control-Allow-Origin"] == (isListed ? origin : nil))
                #expect(head["Access-Control-Allow-Methods"] == (isListed ? "GET, POST" : nil))
                #expect(
                    head["Access-Control-Allow-Headers"]
                        == (isListed ? "last-event-id, cache-control, content-type" : nil))
                #expect(head["Access-Control-Max-Age"] == (isListed ? "600" : nil))
            }
        }

        @Test(
            "a frame may hand events only to a page that is the server's own or listed",
            arguments: [
                ("https%3A%2F%2Fpage.example", "200 OK"), ("http://example.org", "200 OK"),
                ("https://third.example", "403 Forbidden"), ("*", "403 Forbidden"), ("null", "403 Forbidden"),
            ])
        func receiver(origin: String, status: String) async throws {
            try await Self.serve(Self.listing()) { server in
                let browser = try await Browser.connect(to: server)
                try await browser.get("/c?user=m&transport=iframe&origin=\(origin)")
                #expect(try await browser.head().status == "HTTP/1.1 \(status)")
                // On other transports the field is one of those that mean nothing.
                let stream = try await Browser.connect(to: server)
                try await stream.get("/c?user=m&origin=\(origin)")
                #expect(try await stream.head().status == "HTTP/1.1 200 OK")
            }
        }

        @Test("the daemon's files may be read from anywhere")
        func files() async throws {
            try await Self.serve(.listed([])) { server in
                let browser = try await Browser.connect(to: server)
                try await browser.get("/_/iframe.js", ["Origin: \(Self.page)"])
                let head = try await browser.response().head
                #expect(head.status == "HTTP/1.1 200 OK")
                #expect(head["Access-Control-Allow-Origin"] == "*")
                try await browser.get("/_/iframe.js", ["If-None-Match: \(head["ETag"] ?? "")"])
                let unchanged = try await browser.head()
                #expect(unchanged.status == "HTTP/1.1 304 Not Modified")
                #expect(unchanged["Access-Control-Allow-Origin"] == "*")
            }
        }
    }
}
