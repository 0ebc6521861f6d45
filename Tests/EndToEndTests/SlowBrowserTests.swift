import NIOCore
import Testing

extension EndToEnd {
    @Suite("Browsers that read slowly, or not at all")
    struct SlowBrowserTests {
        /// A body whose every part tells its place.
        static func body(_ number: Int, _ size: Int) -> String {
            let filling = String(repeating: "x", count: 1000)
            return (0..<size / 1000).map { "\(number)/\($0) \(filling)" }.joined()
        }

        @Test("a slow reader gets every byte in order, and each receipt", arguments: [1, 2])
        func slowReader(loops: Int) async throws {
            try await TestServer.run(loops: loops) {
                $0.session.maxWaitingBytes = 64 << 20
            } _: { server in
                let browser = try await Browser.connect(to: server, receiveBuffer: 4096)
                try await browser.get("/c?user=m")
                let application = try await WebApplication.connect(to: server)
                try await application.waitUntilReached(["m, 0, /c"], "start")
                let (count, size) = (16, 900_000)
                let bodies = (0..<count).map { Self.body($0, size) }
                for (index, body) in bodies.enumerated() {
                    application.peer.start(
                        sending: ByteBuffer(string: WebApplication.frame("\(index)", to: ["m, 0, /c"], body)))
                }
                // The frames have been taken once this is answered; not all of their bytes can have left.
                try await application.send("mark", to: [], "")
                var early = 0
                while case let reply = try await application.reply(), reply != WebApplication.success("mark") {
                    #expect(reply == WebApplication.success("\(early)"))
                    early += 1
                }
                #expect(early < count)
                try await browser.peer.setReading(true)
                _ = try await browser.head()
                #expect(try await browser.chunk().hasPrefix("retry: 1000\nid: "))
                #expect(try await browser.event() == "data: start\n\n")
                for body in bodies { #expect(try await browser.event() == "data: \(body)\n\n") }
                for index in early..<count {
                    #expect(try await application.reply() == WebApplication.success("\(index)"))
                }
            }
        }

        @Test("what a browser does not read counts as written up to a few hundred kilobytes, and not megabytes")
        func unsentBytes() async throws {
            try await TestServer.run(loops: 1) { server in
                let browser = try await Browser.connect(to: server, receiveBuffer: 4096)
                try await browser.get("/c?user=m")
                let application = try await WebApplication.connect(to: server)
                try await application.waitUntilReached(["m, 0, /c"], "start")
                let (count, size) = (16, 60_000)
                for index in 0..<count {
                    application.peer.start(
                        sending: ByteBuffer(
                            string: WebApplication.frame("\(index)", to: ["m, 0, /c"], Self.body(index, size))))
                }
                // Once it is answered all frames have been taken, and after one more, what became of them is told.
                try await application.send("taken", to: [], "")
                var reached = 0
                while try await application.reply() != WebApplication.success("taken") { reached += 1 }
                try await application.send("told", to: [], "")
                while try await application.reply() != WebApplication.success("told") { reached += 1 }
                #expect(reached > 0)
                #expect(reached < 8)
                try await browser.peer.setReading(true)
                for index in reached..<count {
                    #expect(try await application.reply() == WebApplication.success("\(index)"))
                }
            }
        }

        @Test(
            "an event that was cut off by its browser's end comes whole to the next connection", arguments: [1, 2],
            [true, false])
        func cutOff(loops: Int, byReset: Bool) async throws {
            try await TestServer.run(loops: loops) {
                $0.session.maxWaitingBytes = 64 << 20
                $0.control.maxBody = 16 << 20
            } _: { server in
                let slow = try await Browser.connect(to: server, receiveBuffer: 4096)
                try await slow.get("/c?user=m")
                let application = try await WebApplication.connect(to: server)
                try await application.waitUntilReached(["m, 0, /c"], "start")
                let body = Self.body(1, 6 << 20)
                application.peer.start(
                    sending: ByteBuffer(
                        string: WebApplication.frame("1", to: ["m, 0, /c"], body)
                            + WebApplication.frame("mark", to: [], "")))
                #expect(try await application.reply() == WebApplication.success("mark"))
                if byReset { try await slow.peer.reset() } else { await slow.close() }
                let next = try await Browser.stream("/c?user=m", from: server)
                #expect(try await next.event() == "data: \(body)\n\n")
                #expect(try await application.reply() == WebApplication.success("1"))
            }
        }

        @Test("an event that was cut off as often as is allowed has failed")
        func cutOffTooOften() async throws {
            try await TestServer.run {
                $0.session.retryLimit = 0
                $0.control.maxBody = 16 << 20
            } _: { server in
                let slow = try await Browser.connect(to: server, receiveBuffer: 4096)
                try await slow.get("/c?user=m")
                let application = try await WebApplication.connect(to: server)
                try await application.waitUntilReached(["m, 0, /c"], "start")
                application.peer.start(
                    sending: ByteBuffer(
                        string: WebApplication.frame("1", to: ["m, 0, /c"], Self.body(1, 6 << 20))
                            + WebApplication.frame("mark", to: [], "")))
                #expect(try await application.reply() == WebApplication.success("mark"))
                try await slow.peer.reset()
                #expect(try await application.reply() == WebApplication.failure("1", ["m, 0, /c"]))
            }
        }

        @Test("a browser that takes nothing is dropped in time", arguments: ["/c?user=m", "/c|m,0,xhr"])
        func stalled(target: String) async throws {
            try await TestServer.run {
                $0.http.writeTimeout = .milliseconds(200)
                $0.session.timeout = .milliseconds(100)
                $0.session.retryLimit = 0
                $0.control.maxBody = 16 << 20
            } _: { server in
                let slow = try await Browser.connect(to: server, receiveBuffer: 4096)
                let application = try await WebApplication.connect(to: server)
                if target.hasSuffix("xhr") {
                    try await slow.get(target)
                    try await application.waitUntilReached(["m, 0, /c"], "start")
                    try await slow.get(target)
                    // Taken by a queue or by the poll: either way a browser will have taken nothing of it.
                } else {
                    try await slow.get(target)
                    try await application.waitUntilReached(["m, 0, /c"], "start")
                }
                try await application.send("1", to: ["m, 0, /c"], Self.body(1, 6 << 20))
                #expect(try await application.reply() == WebApplication.failure("1", ["m, 0, /c"]))
            }
        }

        @Test("a stream that is replaced is closed in time though its browser reads nothing")
        func replacedAndStalled() async throws {
            try await TestServer.run {
                // The newcomer reads 6 MB, and must not be taken for a browser that reads nothing.
                $0.http.writeTimeout = .seconds(3)
                $0.http.maxConnections = 2
                $0.control.maxBody = 16 << 20
                $0.session.maxWaitingBytes = 64 << 20
            } _: { server in
                let slow = try await Browser.connect(to: server, receiveBuffer: 4096)
                try await slow.get("/c?user=m")
                let application = try await WebApplication.connect(to: server)
                try await application.waitUntilReached(["m, 0, /c"], "start")
                let body = Self.body(1, 6 << 20)
                application.peer.start(
                    sending: ByteBuffer(
                        string: WebApplication.frame("1", to: ["m, 0, /c"], body)
                            + WebApplication.frame("mark", to: [], "")))
                #expect(try await application.reply() == WebApplication.success("mark"))
                let next = try await Browser.stream("/c?user=m", from: server)
                #expect(try await next.event() == "data: \(body)\n\n")
                #expect(try await application.reply() == WebApplication.success("1"))
                // Its place is free again.
                for _ in 0..<100_000 {
                    let third = try await Browser.connect(to: server)
                    try? await third.get("/_/about")
                    if try await third.response().head.status == "HTTP/1.1 200 OK" { return }
                    await third.close()
                }
                Issue.record("the replaced stream is still open")
            }
        }
    }
}
