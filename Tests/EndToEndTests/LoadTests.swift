import NIOCore
import Testing

extension EndToEnd {
    @Suite("Many at once")
    struct LoadTests {
        @Test("a thousand events come in order to browsers on all loops", arguments: [1, 2, 3])
        func order(loops: Int) async throws {
            try await TestServer.run(loops: loops) { server in
                let users = (0..<6).map { "u\($0)" }
                var browsers: [Browser] = []
                for user in users { browsers.append(try await Browser.stream("/c?user=\(user)", from: server)) }
                let application = try await WebApplication.connect(to: server)
                let keys = users.map { "\($0), 0, /c" }
                let count = 1000
                application.peer.start(
                    sending: ByteBuffer(
                        string: (0..<count).map { WebApplication.frame("\($0)", to: keys, "\($0)") }.joined()))
                var replies: Set<String> = []
                for _ in 0..<count { replies.insert(try await application.reply()) }
                #expect(replies == Set((0..<count).map { WebApplication.success("\($0)") }))
                for browser in browsers {
                    for number in 0..<count {
                        guard try await browser.event() == "data: \(number)\n\n" else {
                            Issue.record("event \(number) is not in its place")
                            break
                        }
                    }
                }
            }
        }

        @Test("one event reaches two hundred browsers", arguments: [1, 2])
        func fanOut(loops: Int) async throws {
            try await TestServer.run(loops: loops) { server in
                var browsers: [Browser] = []
                for user in 0..<200 { browsers.append(try await Browser.stream("/c?user=u\(user)", from: server)) }
                let application = try await WebApplication.connect(to: server)
                try await application.deliver("1", to: (0..<200).map { "u\($0), 0, /c" }, "\"all\"")
                for browser in browsers { #expect(try await browser.event() == "data: \"all\"\n\n") }
            }
        }

        /// A session whose browser polls from ever new connections moves from loop to loop.
        @Test("sessions that move between loops under load lose nothing and get nothing twice", arguments: [2, 3])
        func moving(loops: Int) async throws {
            try await TestServer.run(loops: loops) { server in
                let (users, events) = (8, 60)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for user in 0..<users {
                        group.addTask {
                            // Each event is sent when the one before it has been delivered or waits, so that both sides race.
                            let application = try await WebApplication.connect(to: server)
                            let key = "u\(user), 0, /c"
                            let first = try await Browser.connect(to: server)
                            try await first.get("/c|u\(user),0,xhr")
                            try await application.waitUntilReached([key], "start")
                            _ = try await first.response()
                            application.peer.start(
                                sending: ByteBuffer(
                                    string: (0..<events).map { WebApplication.frame("\($0)", to: [key], "\($0)") }
                                        .joined()))
                            for number in 0..<events {
                                let poll = try await Browser.connect(to: server)
                                try await poll.get("/c|u\(user),0,xhr")
                                let body = try await poll.response().body
                                #expect(body == "\(number)")
                                await poll.close()
                            }
                            // Replies are matched by id: those from two loops may overtake each other. [CTL-33]
                            var replies: Set<String> = []
                            for _ in 0..<events { replies.insert(try await application.reply()) }
                            #expect(replies == Set((0..<events).map { WebApplication.success("\($0)") }))
                        }
                    }
                    try await group.waitForAll()
                }
            }
        }

        @Test(
            "a stream that is taken over again and again shows each event once, to one of its browsers",
            arguments: [1, 2])
        func takingOver(loops: Int) async throws {
            try await TestServer.run(loops: loops) { server in
                let application = try await WebApplication.connect(to: server)
                let count = 400
                var current = try await Browser.stream("/c?user=m", from: server)
                application.peer.start(
                    sending: ByteBuffer(
                        string: (0..<count).map { WebApplication.frame("\($0)", to: ["m, 0, /c"], "\($0)") }.joined()))
                var seen: [String] = []
                for _ in 0..<30 {
                    let next = try await Browser.stream("/c?user=m", from: server)
                    while true {
                        let chunk = try await current.event()
                        if chunk == "event: replaced\ndata: \n\n" { break }
                        seen.append(chunk)
                    }
                    current = next
                }
                while seen.count < count { seen.append(try await current.event()) }
                #expect(seen == (0..<count).map { "data: \($0)\n\n" })
                for number in 0..<count {
                    #expect(try await application.reply() == WebApplication.success("\(number)"))
                }
            }
        }
    }
}
