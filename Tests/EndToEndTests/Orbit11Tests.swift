import NIOCore
import Testing

extension EndToEnd {
    @Suite("Orbit 1.1 over sockets")
    struct Orbit11Tests {
        @Test("frames of both versions on one connection each have the replies of their own", arguments: [1, 2])
        func mixed(loops: Int) async throws {
            try await TestServer.run(loops: loops) { server in
                let browser = try await Browser.stream("/c?user=m", from: server)
                let application = try await WebApplication.connect(to: server)
                try await application.waitUntilPresent(1)
                let frames = [
                    WebApplication.frame("1", to: ["m, 0, /c"], "1"),
                    WebApplication.event11("2", to: ["*, *, /c"], "2"),
                    WebApplication.frame("3", to: ["*, *, /c", "m, 0, /c"], "3"),
                    WebApplication.event11("4", to: ["n, 0, /c", "*, *, /c", "m, 0, /c"], "4"),
                    WebApplication.frame("5", to: ["n, 0, /c"], "5"), WebApplication.orbit11("Ping", "6"),
                    "Orbit 1.0\r\nPing\r\nid: 7\r\n\r\n", "Orbit 1.1\r\nPong\r\nid: 8\r\n\r\n",
                    WebApplication.event11("9", to: ["nobody, *, *"], "9"),
                ]
                try await application.peer.send(frames.joined())
                var replies: Set<String> = []
                for _ in frames { replies.insert(try await application.reply()) }
                let expected: Set<String> = [
                    WebApplication.success("1"), WebApplication.done("2", "reached: 1"),
                    WebApplication.failure("3", ["*, *, /c"]),
                    "Failure\r\nid: 4\r\nmsg: Failed to reach one or more recipients\r\nreached: 1\r\n"
                        + "unreached: 301 unreachable (n, 0, /c)\r\n\r\n",
                    WebApplication.failure("5", ["n, 0, /c"]), WebApplication.done("6"),
                    ControlTests.fault("7", "The action is not Event", "102 bad_action"),
                    ControlTests.fault("8", "The action is not one of Orbit 1.1", "110 unknown_action"),
                    WebApplication.done("9", "reached: 0"),
                ]
                #expect(replies == expected)
                for number in 1...4 { #expect(try await browser.event() == "data: \(number)\n\n") }
            }
        }

        @Test("a connection that has not asked for notices gets none")
        func noNotices() async throws {
            try await TestServer.run { server in
                let application = try await WebApplication.connect(to: server)
                let other = try await WebApplication.connect(to: server)
                _ = try await other.ask("Watch", "w", "recipient: *, *, *")
                let browser = try await Browser.stream("/c?user=m", from: server)
                #expect(try await other.notice() == "Signon 1 (m, 0, /c)")
                try await application.deliver("1", to: ["m, 0, /c"], "1")
                await browser.close()
            }
        }

        @Test("the browser's word comes by a request, whichever loop takes it", arguments: [1, 2])
        func word(loops: Int) async throws {
            try await TestServer.run(loops: loops) { server in
                let application = try await WebApplication.connect(to: server)
                let browser = try await Browser.stream("/c?user=m", from: server)
                try await application.waitUntilPresent(1)
                for number in 0..<4 {
                    try await application.peer.send(
                        WebApplication.event11("\(number)", to: ["*, *, /c"], "x", ["ack: browser"]))
                    let lines = try await browser.chunk().split(separator: "\n")
                    let cursor = try #require(lines.first { $0.hasPrefix("id: ") }).dropFirst(4)
                    #expect(try await application.ask("Ping") == WebApplication.done("ask"))
                    let request = try await Browser.connect(to: server)
                    try await request.get("/c?user=m&ack=\(cursor)")
                    #expect(try await request.head().status == "HTTP/1.1 204 No Content")
                    #expect(try await application.reply() == WebApplication.done("\(number)", "reached: 1"))
                    await request.close()
                }
            }
        }

        @Test("an event whose time is over is expired, and without time it does not wait at all")
        func expires() async throws {
            try await TestServer.run { server in
                let application = try await WebApplication.connect(to: server)
                let browser = try await Browser.connect(to: server)
                try await browser.get("/c|m,0,xhr")
                try await application.waitUntilReached(["m, 0, /c"], "first")
                for ttl in ["0", "1"] {
                    try await application.peer.send(
                        WebApplication.event11(ttl, to: ["m, 0, /c"], "x", ["ttl: \(ttl)"]))
                    #expect(
                        try await application.reply()
                            == "Failure\r\nid: \(ttl)\r\nmsg: Failed to reach one or more recipients\r\nreached: 0\r\n"
                            + "unreached: 302 expired (m, 0, /c)\r\n\r\n")
                }
            }
        }

        @Test("a list has the keys that its recipients stand for, and says if there are more")
        func list() async throws {
            try await TestServer.run { server in
                let application = try await WebApplication.connect(to: server)
                for user in ["a", "b", "c"] { _ = try await Browser.stream("/c?user=\(user)", from: server) }
                try await application.waitUntilPresent(3)
                let some = try await application.list(
                    "recipient: a, *, *", "recipient: b, 0, /c", "recipient: x, 0, /c")
                #expect(some.keys == ["a, 0, /c", "b, 0, /c"])
                #expect(some.head == WebApplication.done("list", "keys: 2", "length: 18"))
                let most = try await application.list("recipient: *, *, *", "limit: 2")
                #expect(
                    most.keys.count == 2
                        && most.head == WebApplication.done("list", "keys: 2", "more: yes", "length: 18"))
                let none = try await application.list()
                #expect(none.keys == [] && none.head == WebApplication.done("list", "keys: 0", "length: 0"))
            }
        }
    }
}
