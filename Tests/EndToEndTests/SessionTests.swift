import NIOCore
import Testing

extension EndToEnd {
    @Suite("Sessions over the wire")
    struct SessionTests {
        @Test("a browser that comes back within its grace misses nothing", arguments: [1, 2])
        func grace(loops: Int) async throws {
            try await TestServer.run(loops: loops) { server in
                let application = try await WebApplication.connect(to: server)
                let first = try await Browser.stream("/c?user=m", from: server)
                try await application.deliver("1", to: ["m, 0, /c"], "1")
                #expect(try await first.event() == "data: 1\n\n")
                await first.close()
                try await application.sendWhenAway(to: "m, 0, /c")
                let second = try await Browser.stream("/c?user=m", from: server)
                #expect(try await application.reply() == WebApplication.success("waits"))
                #expect(try await second.event().hasPrefix("data: "))
            }
        }

        @Test("events for a browser that does not come back have failed when the grace is over", arguments: [1, 2])
        func graceIsOver(loops: Int) async throws {
            try await TestServer.run(loops: loops) {
                $0.session.timeout = .milliseconds(300)
            } _: { server in
                let application = try await WebApplication.connect(to: server)
                let browser = try await Browser.stream("/c?user=m", from: server)
                await browser.close()
                try await application.sendWhenAway(to: "m, 0, /c")
                #expect(try await application.reply() == WebApplication.failure("waits", ["m, 0, /c"]))
            }
        }

        @Test("a waiting poll whose browser goes is forgotten, and gets no event", arguments: [true, false], [1, 2])
        func pollIsForgotten(byReset: Bool, loops: Int) async throws {
            try await TestServer.run(loops: loops) { server in
                let application = try await WebApplication.connect(to: server)
                let gone = try await Browser.connect(to: server)
                try await gone.get("/c|m,0,xhr")
                try await application.waitUntilReached(["m, 0, /c"], "first")
                _ = try await gone.response()
                try await gone.get("/c|m,0,xhr")
                // The next request on the loop's connection is read after this one.
                if byReset { try await gone.peer.reset() } else { await gone.close() }
                try await application.send("1", to: ["m, 0, /c"], "second")
                // On two loops this poll may be read before the one that is gone, sleeps then, and asks again. [BRW-91]
                let browser = try await Browser.connect(to: server)
                let polling = Task {
                    while true {
                        try await browser.get("/c|m,0,xhr")
                        _ = try await browser.response()
                    }
                }
                #expect(try await application.reply() == WebApplication.success("1"))
                await browser.close()
                _ = await polling.result
            }
        }

        @Test("a second stream takes over, and the first is told so", arguments: [1, 2])
        func replacement(loops: Int) async throws {
            try await TestServer.run(loops: loops) { server in
                let application = try await WebApplication.connect(to: server)
                var current = try await Browser.stream("/c?user=m", from: server)
                for number in 1...10 {
                    let next = try await Browser.stream("/c?user=m", from: server)
                    #expect(try await current.chunk() == "event: replaced\ndata: \n\n")
                    #expect(try await current.rest() == "0\r\n\r\n")
                    try await application.deliver("\(number)", to: ["m, 0, /c"], "\(number)")
                    #expect(try await next.event() == "data: \(number)\n\n")
                    current = next
                }
            }
        }

        @Test("an iframe that is replaced ends without a further script")
        func iframeReplacement() async throws {
            try await TestServer.run { server in
                let first = try await Browser.stream("/c|m", from: server)
                _ = try await first.chunk()
                _ = try await Browser.stream("/c|m", from: server)
                #expect(try await first.rest() == "0\r\n\r\n")
            }
        }

        @Test("a change of transport ends the polls that wait, and takes the events", arguments: [1, 2])
        func switching(loops: Int) async throws {
            try await TestServer.run(loops: loops) { server in
                let application = try await WebApplication.connect(to: server)
                let poll = try await Browser.connect(to: server)
                try await poll.get("/c|m,0,xhr")
                try await application.waitUntilReached(["m, 0, /c"], "poll")
                _ = try await poll.response()
                try await poll.get("/c|m,0,xhr")
                try await application.deliver("1", to: ["m, 0, /c"], "poll")
                _ = try await poll.response()
                let stream = try await Browser.stream("/c?user=m", from: server)
                try await application.deliver("2", to: ["m, 0, /c"], "stream")
                #expect(try await stream.event() == "data: stream\n\n")
                try await poll.get("/c|m,0,xhr")
                #expect(try await stream.chunk() == "event: replaced\ndata: \n\n")
                try await application.deliver("3", to: ["m, 0, /c"], "poll again")
                #expect(try await poll.response().body == "poll again")
            }
        }

        @Test("of five polls of a key the oldest is answered empty, and the others get one event each")
        func manyPolls() async throws {
            try await TestServer.run(loops: 1) { server in
                var polls: [Browser] = []
                for _ in 1...5 {
                    let poll = try await Browser.connect(to: server)
                    try await poll.get("/c|m,0,xhr")
                    polls.append(poll)
                }
                // One of them was the fifth; which one is the system's to say.
                let empty = try await withThrowingTaskGroup(of: (Int, String).self) { group in
                    for (index, poll) in polls.enumerated() {
                        group.addTask { (index, try await poll.response().body) }
                    }
                    let application = try await WebApplication.connect(to: server)
                    let first = try await group.next()
                    #expect(first?.1 == "")
                    for number in 1...4 { try await application.deliver("\(number)", to: ["m, 0, /c"], "\(number)") }
                    var bodies: Set<String> = []
                    for try await (_, body) in group { bodies.insert(body) }
                    #expect(bodies == ["1", "2", "3", "4"])
                    return first?.0
                }
                #expect(empty != nil)
            }
        }

        @Test("a queue that is full fails the next event at once, and keeps what it has")
        func overflow() async throws {
            try await TestServer.run {
                $0.session.maxWaiting = 3
            } _: { server in
                let application = try await WebApplication.connect(to: server)
                let browser = try await Browser.stream("/c?user=m", from: server)
                await browser.close()
                try await application.sendWhenAway(to: "m, 0, /c")
                for number in 2...5 { try await application.send("\(number)", to: ["m, 0, /c"], "\(number)") }
                #expect(try await application.reply() == WebApplication.failure("4", ["m, 0, /c"]))
                #expect(try await application.reply() == WebApplication.failure("5", ["m, 0, /c"]))
                let back = try await Browser.stream("/c?user=m", from: server)
                for body in ["waits", "2", "3"] { #expect(try await back.event() == "data: \(body)\n\n") }
                for id in ["waits", "2", "3"] { #expect(try await application.reply() == WebApplication.success(id)) }
            }
        }
    }
}

extension WebApplication {
    /// Sends an event with the id `waits` once the server has seen that the browser has gone, so that it waits.
    func sendWhenAway(to key: String) async throws {
        for attempt in 0..<10_000 {
            // An event that may not wait tells whether its browser is there.
            try await peer.send(Self.event11("try\(attempt)", to: [key], "0", ["ttl: 0"]))
            if try await reply().hasPrefix("Failure") { return try await send("waits", to: [key], "waits") }
        }
        Issue.record("the browser never goes")
    }
}
