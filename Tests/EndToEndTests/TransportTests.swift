import Testing

extension EndToEnd {
    @Suite("Transports over the wire")
    struct TransportTests {
        static let eventHeaders = [
            ("Cache-Control", "no-store, no-transform"), ("X-Accel-Buffering", "no"),
            ("X-Content-Type-Options", "nosniff"),
        ]

        static func expectEventHeaders(_ head: Browser.Head, _ type: String) {
            #expect(head["Content-Type"] == type)
            for (name, value) in eventHeaders { #expect(head[name] == value) }
            #expect(head["Access-Control-Allow-Origin"] == nil)
        }

        @Test("sse on HTTP/1.1: chunks, from the preamble to the end at shutdown", arguments: [1, 2])
        func serverSentEvents(loops: Int) async throws {
            let server = try await TestServer.start(loops: loops)
            let browser = try await Browser.connect(to: server)
            try await browser.get("/chat?user=michael&session=7&transport=sse")
            let head = try await browser.head()
            #expect(head.status == "HTTP/1.1 200 OK")
            Self.expectEventHeaders(head, "text/event-stream")
            #expect(head["Transfer-Encoding"] == "chunked")
            #expect(head["Content-Length"] == nil)
            #expect(try await browser.chunk().wholeMatch(of: /retry: 1000\nid: [0-9a-f]{10}-0\n\n/) != nil)
            let application = try await WebApplication.connect(to: server)
            try await application.deliver("1", to: ["michael, 7, /chat"], "a\r\nb")
            #expect(try await browser.chunk().wholeMatch(of: /id: [0-9a-f]{10}-1\ndata: a\ndata: b\n\n/) != nil)
            try await server.stop()
            #expect(try await browser.chunk().wholeMatch(of: /retry: [1-6][0-9]{3}\n\n/) != nil)
            #expect(try await browser.rest() == "0\r\n\r\n")
        }

        @Test("sse on HTTP/1.0: no framing, and the connection's end is the end")
        func closeDelimited() async throws {
            let server = try await TestServer.start()
            let browser = try await Browser.connect(to: server)
            try await browser.get("/chat?user=michael", version: "1.0")
            let head = try await browser.head()
            Self.expectEventHeaders(head, "text/event-stream")
            #expect(head["Transfer-Encoding"] == nil)
            #expect(head["Content-Length"] == nil)
            let application = try await WebApplication.connect(to: server)
            try await application.deliver("1", to: ["michael, 0, /chat"], "{}")
            try await server.stop()
            let body = try await browser.rest()
            let bytes =
                /retry: 1000\nid: ([0-9a-f]{10})-0\n\nid: ([0-9a-f]{10})-1\ndata: \{\}\n\nretry: [1-6]\d{3}\n\n/
            let match = try #require(body.wholeMatch(of: bytes))
            #expect(match.1 == match.2)
        }

        @Test(
            "the iframe of the bar form", arguments: ["/chat|michael", "/chat%7Cmichael,0,iframe", "/chat%7cmichael,0"])
        func barForm(target: String) async throws {
            try await TestServer.run { server in
                let browser = try await Browser.connect(to: server)
                try await browser.get(target)
                let head = try await browser.head()
                Self.expectEventHeaders(head, "text/html; charset=utf-8")
                let padding = try await browser.chunk()
                #expect(padding.hasPrefix("<!--"))
                #expect(padding.utf8.count >= 2048)
                #expect(!padding.contains("<script"))
                let application = try await WebApplication.connect(to: server)
                try await application.deliver("1", to: ["michael, 0, /chat"], "\"</script>\"")
                #expect(
                    try await browser.chunk() == "<script>window.parent.event(\"\\u003c/script\\u003e\");</script>\n")
            }
        }

        @Test("the iframe of the query form")
        func queryForm() async throws {
            try await TestServer.run { server in
                let browser = try await Browser.connect(to: server)
                try await browser.get("/chat?user=michael&transport=iframe")
                Self.expectEventHeaders(try await browser.head(), "text/html; charset=utf-8")
                #expect(try await browser.chunk().contains("<script src=\"/_/iframe.js\"></script>"))
                let application = try await WebApplication.connect(to: server)
                try await application.deliver("1", to: ["michael, 0, /chat"], "not JSON")
                #expect(try await browser.chunk() == "<script>e(\"not JSON\");</script>")
            }
        }

        @Test("an iframe that has been sent enough loads itself again, and events wait for it", arguments: [1, 2])
        func recycling(loops: Int) async throws {
            try await TestServer.run(loops: loops) {
                $0.transport.iframeMaxBytes = 4096
            } _: { server in
                let application = try await WebApplication.connect(to: server)
                let browser = try await Browser.stream("/chat|michael", from: server)
                var count = try await browser.chunk().utf8.count
                var number = 0
                while count < 4096 {
                    number += 1
                    try await application.deliver("\(number)", to: ["michael, 0, /chat"], "\(number)")
                    let event = try await browser.chunk()
                    #expect(event == "<script>window.parent.event(\(number));</script>\n")
                    count += event.utf8.count
                }
                #expect(try await browser.chunk() == "<script>location.reload();</script>")
                #expect(try await browser.rest() == "0\r\n\r\n")
                try await application.send("last", to: ["michael, 0, /chat"], "0")
                let again = try await Browser.stream("/chat|michael", from: server)
                _ = try await again.chunk()
                #expect(try await again.chunk() == "<script>window.parent.event(0);</script>\n")
                #expect(try await application.reply() == WebApplication.success("last"))
            }
        }

        @Test("polls on one connection each bring one event", arguments: [1, 2])
        func keepAlivePolls(loops: Int) async throws {
            try await TestServer.run(loops: loops) { server in
                let application = try await WebApplication.connect(to: server)
                let browser = try await Browser.connect(to: server)
                try await browser.get("/chat|michael,0,xhr")
                try await application.waitUntilReached(["michael, 0, /chat"], "first")
                for number in 1...20 {
                    let (head, body) = try await browser.response()
                    Self.expectEventHeaders(head, "text/plain; charset=utf-8")
                    #expect(head["Connection"] == "keep-alive")
                    #expect(body == (number == 1 ? "first" : "event \(number)"))
                    try await application.send("\(number)", to: ["michael, 0, /chat"], "event \(number + 1)")
                    try await browser.get("/chat|michael,0,xhr")
                    #expect(try await application.reply() == WebApplication.success("\(number)"))
                }
            }
        }

        @Test("a poll on HTTP/1.0 ends with its connection")
        func oldPoll() async throws {
            try await TestServer.run { server in
                let application = try await WebApplication.connect(to: server)
                let browser = try await Browser.connect(to: server)
                try await browser.get("/chat|michael,0,xhr", version: "1.0")
                try await application.waitUntilReached(["michael, 0, /chat"], "<b>")
                let (head, body) = try await browser.response()
                #expect(head["Connection"] == "close")
                #expect(body == "<b>")
                #expect(try await browser.rest() == "")
            }
        }

        @Test("a poll that waits too long is answered empty, and its connection stays")
        func pollTimeout() async throws {
            try await TestServer.run {
                $0.transport.xhrTimeout = .milliseconds(50)
            } _: { server in
                let browser = try await Browser.connect(to: server)
                for _ in 1...2 {
                    try await browser.get("/chat|michael,0,xhr")
                    let (head, body) = try await browser.response()
                    #expect(head.status == "HTTP/1.1 200 OK")
                    #expect(body == "")
                }
            }
        }

        @Test("two polls that were sent at once are answered in turn", arguments: [1, 2])
        func pipelinedPolls(loops: Int) async throws {
            try await TestServer.run(loops: loops) { server in
                let application = try await WebApplication.connect(to: server)
                let browser = try await Browser.connect(to: server)
                let poll = "GET /chat|michael,0,xhr HTTP/1.1\r\nHost: a\r\n\r\n"
                try await browser.peer.send(poll + poll + poll)
                try await application.waitUntilReached(["michael, 0, /chat"], "0")
                for number in 0...2 {
                    #expect(try await browser.response().body == "\(number)")
                    if number < 2 {
                        try await application.deliver("\(number)", to: ["michael, 0, /chat"], "\(number + 1)")
                    }
                }
            }
        }

        @Test(
            "a silent stream is pinged",
            arguments: [
                ("/chat?user=michael&transport=sse", ":\n\n"),
                ("/chat?user=michael&transport=iframe", "<script>p();</script>"),
            ])
        func heartbeat(target: String, ping: String) async throws {
            try await TestServer.run {
                $0.transport.heartbeat = .milliseconds(50)
            } _: { server in
                let browser = try await Browser.stream(target, from: server)
                if target.hasSuffix("iframe") { _ = try await browser.chunk() }
                #expect(try await browser.chunk() == ping)
                #expect(try await browser.chunk() == ping)
            }
        }
    }
}

extension WebApplication {
    /// Sends an event again and again until its recipients are there: the server tells nobody else that they are.
    func waitUntilReached(_ keys: [String], _ body: String) async throws {
        for attempt in 0..<100_000 {
            try await send("try\(attempt)", to: keys, body)
            if try await reply() == Self.success("try\(attempt)") { return }
        }
        Issue.record("nobody came for \(keys)")
    }
}
