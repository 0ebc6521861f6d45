import NIOCore
import Testing

extension EndToEnd {
    @Suite("HTTP over the wire")
    struct HTTPRequestTests {
        static let sentence = "text/plain; charset=utf-8"

        /// One request on a connection of its own, and the response.
        static func ask(
            _ method: String, _ target: String, _ headers: [String] = [], body: String = ""
        ) async throws -> (head: Browser.Head, body: String) {
            try await TestServer.run { server in
                let browser = try await Browser.connect(to: server)
                try await browser.request(method, target, headers, body: body)
                return try await browser.response()
            }
        }

        @Test(
            "a request without a user gets 404 and is told how to ask",
            arguments: ["/", "/chat", "/chat?session=1", "/_/nothing"])
        func notFound(target: String) async throws {
            let (head, body) = try await Self.ask("GET", target)
            #expect(head.status == "HTTP/1.1 404 Not Found")
            #expect(head["Content-Type"] == Self.sentence)
            #expect(body.hasSuffix(".\n"))
        }

        @Test(
            "what names no key gets 400",
            arguments: [
                "/chat|", "/chat|a,b,c,d", "/chat|a,,sse", "/chat|%zz", "/chat?user=%ff", "/chat?user=a%2C%20b",
                "/chat?user=a&transport=tin",
            ])
        func badRequest(target: String) async throws {
            let (head, body) = try await Self.ask("GET", target)
            #expect(head.status == "HTTP/1.1 400 Bad Request")
            #expect(body.hasSuffix(".\n"))
            #expect(!body.contains("tin"))
        }

        @Test("a method that is not taken gets 405", arguments: ["PUT", "DELETE", "PATCH", "TRACE"])
        func badMethod(method: String) async throws {
            let (head, _) = try await Self.ask(method, "/chat?user=michael")
            #expect(head.status == "HTTP/1.1 405 Method Not Allowed")
            #expect(head["Allow"] == "GET, HEAD, POST, OPTIONS")
        }

        @Test("CONNECT gets 405 though its target is no path")
        func connect() async throws {
            try await TestServer.run { server in
                let browser = try await Browser.connect(to: server)
                try await browser.request("CONNECT", "example.org:80")
                #expect(try await browser.head().status == "HTTP/1.1 405 Method Not Allowed")
            }
        }

        @Test("OPTIONS gets 204", arguments: ["/chat", "*", "/chat|m"])
        func options(target: String) async throws {
            try await TestServer.run { server in
                let browser = try await Browser.connect(to: server)
                try await browser.request("OPTIONS", target)
                let head = try await browser.head()
                #expect(head.status == "HTTP/1.1 204 No Content")
                #expect(head["Allow"] == "GET, HEAD, POST, OPTIONS")
                #expect(head["Transfer-Encoding"] == nil)
            }
        }

        @Test(
            "HEAD gets a head alone, and the connection goes on",
            arguments: [
                ("/chat?user=michael", "200 OK"), ("/chat?user=michael&transport=iframe", "200 OK"),
                ("/chat|michael,0,xhr", "200 OK"),
                ("/chat", "404 Not Found"), ("/chat|", "400 Bad Request"), ("/_/about", "200 OK"),
            ])
        func head(target: String, status: String) async throws {
            try await TestServer.run { server in
                let browser = try await Browser.connect(to: server)
                try await browser.request("HEAD", target)
                try await browser.get("/_/about")
                let head = try await browser.head()
                #expect(head.status == "HTTP/1.1 \(status)")
                #expect(head["Transfer-Encoding"] == nil)
                #expect(try await browser.response().body.hasPrefix("Orbited "))
                // No session was begun by it.
                let application = try await WebApplication.connect(to: server)
                try await application.send("1", to: ["michael, 0, /chat"], "{}")
                #expect(try await application.reply() == WebApplication.failure("1", ["michael, 0, /chat"]))
            }
        }

        @Test(
            "the daemon's files have a validator",
            arguments: [
                ("/_/iframe.js", "attach_iframe"), ("/_/orbited.js", "Orbited"), ("/_/orbited.mjs", "export"),
                ("/_/about", "Orbited "), ("/_/", "orbited event"),
            ])
        func files(path: String, text: String) async throws {
            try await TestServer.run { server in
                let browser = try await Browser.connect(to: server)
                try await browser.get(path)
                let (head, body) = try await browser.response()
                let type = ["/_/": "html", "/_/about": "plain"][path] ?? "javascript"
                #expect(head["Content-Type"] == "text/\(type); charset=utf-8")
                #expect((head["Content-Security-Policy"] != nil) == (path == "/_/"))
                #expect(head["Cache-Control"] == "no-cache")
                #expect(body.contains(text))
                let validator = try #require(head["ETag"])
                try await browser.request("HEAD", path)
                let same = try await browser.head()
                #expect(same["ETag"] == validator && same["Content-Length"] == head["Content-Length"])
                try await browser.get(path, ["If-None-Match: \"other\", \(validator)"])
                let unchanged = try await browser.head()
                #expect(unchanged.status == "HTTP/1.1 304 Not Modified")
                #expect(unchanged["ETag"] == validator)
                try await browser.get(path, ["If-None-Match: \"other\""])
                #expect(try await browser.response().body == body)
            }
        }

        @Test("a form and a cookie fill what the query lacks")
        func formAndCookie() async throws {
            try await TestServer.run { server in
                let browser = try await Browser.connect(to: server)
                let form = "user=michael&transport=xhr"
                try await browser.request(
                    "POST", "/chat",
                    [
                        "Content-Type: application/x-www-form-urlencoded", "Cookie: session=\"s7\"",
                        "Content-Length: \(form.count)",
                    ],
                    body: form)
                let application = try await WebApplication.connect(to: server)
                try await application.waitUntilReached(["michael, s7, /chat"], "{}")
                #expect(try await browser.response().body == "{}")
            }
        }

        @Test("a form of exactly the limit is taken, and a larger one gets 413")
        func formLimit() async throws {
            for (size, status) in [(100, "404 Not Found"), (101, "413 Payload Too Large")] {
                try await TestServer.run {
                    $0.http.maxForm = 100
                } _: { server in
                    let browser = try await Browser.connect(to: server)
                    try await browser.request(
                        "POST", "/", ["Content-Length: \(size)"], body: String(repeating: "x", count: size))
                    let (head, body) = try await browser.response()
                    #expect(head.status == "HTTP/1.1 \(status)")
                    #expect(head["Content-Type"] == Self.sentence)
                    #expect(body.hasSuffix(".\n"))
                    if size > 100 { #expect(try await browser.rest() == "") }
                }
            }
        }

        @Test("a head of exactly the limit is taken, and a larger one gets 431", arguments: [true, false])
        func headLimit(isPiecemeal: Bool) async throws {
            for (size, status) in [(1000, "404 Not Found"), (1001, "431 Request Header Fields Too Large")] {
                try await TestServer.run {
                    $0.http.maxHead = 1000
                } _: { server in
                    let browser = try await Browser.connect(to: server)
                    let start = "GET / HTTP/1.1\r\nHost:a\r\n" + String(repeating: "a:b\r\n", count: 100) + "X: "
                    let head = start + String(repeating: "x", count: size - start.utf8.count - 4) + "\r\n\r\n"
                    #expect(head.utf8.count == size)
                    if isPiecemeal {
                        for byte in head.utf8 { try await browser.peer.send(ByteBuffer(bytes: [byte])) }
                    } else {
                        try await browser.peer.send(head)
                    }
                    #expect(try await browser.response().head.status == "HTTP/1.1 \(status)")
                }
            }
        }

        @Test("an endless head gets 431 before it ends")
        func endlessHead() async throws {
            try await TestServer.run { server in
                let browser = try await Browser.connect(to: server)
                try await browser.peer.send("GET /" + String(repeating: "x", count: 16384))
                #expect(try await browser.response().head.status == "HTTP/1.1 431 Request Header Fields Too Large")
                #expect(try await browser.rest() == "")
            }
        }

        @Test(
            "what is not HTTP gets 400",
            arguments: ["Orbit 1.0\r\nEvent\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n", "GET  / HTTP/9.9\r\n\r\n"])
        func notHTTP(text: String) async throws {
            try await TestServer.run { server in
                let browser = try await Browser.connect(to: server)
                try await browser.peer.send(text)
                #expect(try await browser.response().head.status == "HTTP/1.1 400 Bad Request")
                #expect(try await browser.rest() == "")
            }
        }

        @Test("garbage behind a good request does not spoil its response")
        func garbageBehind() async throws {
            try await TestServer.run { server in
                let browser = try await Browser.connect(to: server)
                try await browser.peer.send("GET /_/about HTTP/1.1\r\nHost: a\r\n\r\n\u{1}\u{2}garbage\r\n\r\n")
                #expect(try await browser.response().head.status == "HTTP/1.1 200 OK")
                #expect(try await browser.response().head.status == "HTTP/1.1 400 Bad Request")
            }
        }

        @Test("garbage behind a poll waits until the poll is answered")
        func garbageBehindPoll() async throws {
            try await TestServer.run { server in
                let browser = try await Browser.connect(to: server)
                try await browser.peer.send("GET /c|m,0,xhr HTTP/1.1\r\nHost: a\r\n\r\n\u{1}\u{2}garbage\r\n\r\n")
                let application = try await WebApplication.connect(to: server)
                try await application.waitUntilReached(["m, 0, /c"], "{}")
                #expect(try await browser.response().body == "{}")
                #expect(try await browser.response().head.status == "HTTP/1.1 400 Bad Request")
            }
        }

        @Test("requests that were sent at once are answered in their order")
        func pipelining() async throws {
            try await TestServer.run { server in
                let browser = try await Browser.connect(to: server)
                try await browser.peer.send(
                    ["/_/about", "/x", "/_/about", "/c|"].map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
                for status in ["200 OK", "404 Not Found", "200 OK", "400 Bad Request"] {
                    #expect(try await browser.response().head.status == "HTTP/1.1 \(status)")
                }
            }
        }

        @Test("requests are answered though the browser has shut its side behind them")
        func halfClose() async throws {
            try await TestServer.run { server in
                let browser = try await Browser.connect(to: server)
                let request = "GET /_/about HTTP/1.1\r\nHost: a\r\n\r\n"
                browser.peer.start(sending: ByteBuffer(string: request + request))
                try await browser.peer.closeOutput()
                #expect(try await browser.response().body.hasPrefix("Orbited "))
                #expect(try await browser.response().body.hasPrefix("Orbited "))
                #expect(try await browser.rest() == "")
            }
        }

        @Test("a stream may come after other requests on a connection, and what is sent behind it is dropped")
        func pipelinedStream() async throws {
            try await TestServer.run { server in
                let browser = try await Browser.connect(to: server)
                try await browser.peer.send(
                    ["/_/about", "/c?user=m", "/_/about"].map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
                #expect(try await browser.response().body.hasPrefix("Orbited "))
                #expect(try await browser.head()["Content-Type"] == "text/event-stream")
                #expect(try await browser.chunk().hasPrefix("retry: 1000\nid: "))
                let application = try await WebApplication.connect(to: server)
                try await application.deliver("1", to: ["m, 0, /c"], "{}")
                #expect(try await browser.event() == "data: {}\n\n")
            }
        }

        @Test("a head that comes too slowly gets 408")
        func slowHead() async throws {
            try await TestServer.run {
                $0.http.headTimeout = .seconds(1)
            } _: { server in
                let browser = try await Browser.connect(to: server)
                try await browser.peer.send("GET / HTTP/1.1\r\nHost")
                #expect(try await browser.response().head.status == "HTTP/1.1 408 Request Timeout")
                #expect(try await browser.rest() == "")
            }
        }

        @Test("a form that comes too slowly gets 408")
        func slowForm() async throws {
            try await TestServer.run {
                $0.http.headTimeout = .seconds(1)
            } _: { server in
                let browser = try await Browser.connect(to: server)
                try await browser.request("POST", "/", ["Content-Length: 10"], body: "x")
                #expect(try await browser.response().head.status == "HTTP/1.1 408 Request Timeout")
            }
        }

        @Test("a connection that never says anything is closed")
        func silence() async throws {
            try await TestServer.run {
                $0.http.headTimeout = .milliseconds(50)
            } _: { server in
                let browser = try await Browser.connect(to: server)
                #expect(try await browser.rest() == "")
            }
        }

        @Test("a connection that is idle after a response is closed")
        func idle() async throws {
            try await TestServer.run {
                $0.http.idleTimeout = .milliseconds(50)
            } _: { server in
                let browser = try await Browser.connect(to: server)
                try await browser.get("/_/about")
                _ = try await browser.response()
                #expect(try await browser.rest() == "")
            }
        }

        @Test("a stream and a waiting poll outlive the times for heads and idle connections")
        func streamsAreNotIdle() async throws {
            try await TestServer.run {
                $0.http.headTimeout = .milliseconds(500)
                $0.http.idleTimeout = .milliseconds(500)
                $0.transport.heartbeat = .milliseconds(400)
                $0.transport.xhrTimeout = .seconds(1)
            } _: { server in
                let poll = try await Browser.connect(to: server)
                try await poll.get("/c|m,0,xhr")
                let stream = try await Browser.stream("/c?user=n", from: server)
                for _ in 1...3 { #expect(try await stream.chunk() == ":\n\n") }
                #expect(try await poll.response().body == "")
            }
        }

        @Test("one connection too many gets 503, and a place that has become free is taken again")
        func tooManyConnections() async throws {
            try await TestServer.run {
                $0.http.maxConnections = 1
            } _: { server in
                let first = try await Browser.stream("/c?user=m", from: server)
                let second = try await Browser.connect(to: server)
                #expect(try await second.response().head.status == "HTTP/1.1 503 Service Unavailable")
                #expect(try await second.rest() == "")
                await first.close()
                for _ in 0..<10_000 {
                    let third = try await Browser.connect(to: server)
                    // One that is refused may have been closed by now.
                    try? await third.get("/_/about")
                    if try await third.response().head.status == "HTTP/1.1 200 OK" { return }
                    await third.close()
                }
                Issue.record("the place is not taken again")
            }
        }

        @Test("a body is read before an early answer when the client waits to be told to go on")
        func expectContinue() async throws {
            try await TestServer.run { server in
                let browser = try await Browser.connect(to: server)
                try await browser.request("POST", "/_/about", ["Content-Length: 3", "Expect: 100-continue"])
                #expect(try await browser.head().status == "HTTP/1.1 100 Continue")
                try await browser.peer.send("abc")
                #expect(try await browser.response().head.status == "HTTP/1.1 200 OK")
            }
        }
    }
}
