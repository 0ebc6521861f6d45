import NIOCore
import Testing

extension EndToEnd {
    @Suite("Watching over sockets")
    struct WatchTests {
        @Test("a watch hears of browsers that come and go, on all loops", arguments: [1, 2])
        func comeAndGo(loops: Int) async throws {
            try await TestServer.run(loops: loops) {
                $0.session.timeout = .milliseconds(100)
            } _: { server in
                let application = try await WebApplication.connect(to: server)
                let reply = try await application.ask("Watch", "w", "recipient: *, *, /c")
                #expect(WebApplication.value("sequence", in: reply) == "0")
                for number in 0..<4 {
                    let browser = try await Browser.stream("/c?user=u\(number)", from: server)
                    #expect(try await application.notice() == "Signon \(2 * number + 1) (u\(number), 0, /c)")
                    await browser.close()
                    #expect(try await application.notice() == "Signoff \(2 * number + 2) (u\(number), 0, /c) expired")
                }
            }
        }

        @Test("it is told who is there, behind the reply and before what comes")
        func present() async throws {
            try await TestServer.run { server in
                let application = try await WebApplication.connect(to: server)
                let browsers = [
                    try await Browser.stream("/c?user=a", from: server),
                    try await Browser.stream("/c?user=b", from: server),
                    try await Browser.stream("/other?user=b", from: server),
                ]
                try await application.waitUntilPresent(browsers.count)
                let reply = try await application.ask("Watch", "w", "recipient: *, *, /c", "state: yes")
                #expect(reply.hasPrefix("Success\r\nid: w\r\nepoch: "))
                #expect(WebApplication.value("sequence", in: reply) == "3")
                #expect(WebApplication.value("present", in: reply) == "2")
                let notices = [try await application.notice(), try await application.notice()]
                #expect(Set(notices) == ["Present 3 (a, 0, /c)", "Present 3 (b, 0, /c)"])
                let late = try await Browser.stream("/c?user=c", from: server)
                #expect(try await application.notice() == "Signon 4 (c, 0, /c)")
                for browser in browsers + [late] { await browser.close() }
            }
        }

        @Test("a sign-off names the events that were missed, and those without the browser's word")
        func signoff() async throws {
            try await TestServer.run(loops: 1) {
                $0.session.timeout = .milliseconds(300)
            } _: { server in
                let application = try await WebApplication.connect(to: server)
                _ = try await application.ask("Watch", "w", "recipient: m, *, *")
                let browser = try await Browser.stream("/c?user=m", from: server)
                #expect(try await application.notice() == "Signon 1 (m, 0, /c)")
                try await application.deliver("written", to: ["m, 0, /c"], "1")
                await browser.close()
                try await application.sendWhenAway(to: "m, 0, /c")
                var notice = try await application.reply()
                if notice.hasPrefix("Failure") { notice = try await application.reply() }
                #expect(notice.hasPrefix("Signoff\r\nwatch: w\r\n"))
                #expect(notice.contains("\r\nreason: expired\r\nmissed: "))
                #expect(notice.contains("\r\nmissed: waits\r\n"))
                #expect(WebApplication.value("unconfirmed", in: notice) == "written")
            }
        }

        @Test("a client that comes back goes on where it was")
        func resume() async throws {
            try await TestServer.run { server in
                let first = try await WebApplication.connect(to: server)
                let reply = try await first.ask("Watch", "w", "recipient: *, *, *")
                let epoch = try #require(WebApplication.value("epoch", in: reply))
                let a = try await Browser.stream("/c?user=a", from: server)
                #expect(try await first.notice() == "Signon 1 (a, 0, /c)")
                await first.close()
                let b = try await Browser.stream("/c?user=b", from: server)
                let second = try await WebApplication.connect(to: server)
                try await second.waitUntilPresent(2)
                let again = try await second.ask("Watch", "w", "recipient: *, *, *", "epoch: \(epoch)", "sequence: 1")
                #expect(again == WebApplication.done("w", "epoch: \(epoch)", "sequence: 1", "resumed: yes"))
                #expect(try await second.notice() == "Signon 2 (b, 0, /c)")
                let lost = try await second.ask("Watch", "x", "recipient: *, *, *", "epoch: other", "sequence: 1")
                #expect(lost == WebApplication.done("x", "epoch: \(epoch)", "sequence: 2", "resumed: no"))
                await a.close()
                await b.close()
            }
        }

        @Test("a watch that is ended, or replaced, hears nothing more")
        func unwatch() async throws {
            try await TestServer.run { server in
                let application = try await WebApplication.connect(to: server)
                _ = try await application.ask("Watch", "w", "recipient: *, *, *")
                _ = try await application.ask("Watch", "v", "recipient: *, *, *")
                _ = try await application.ask("Watch", "w", "recipient: nobody, *, *")
                #expect(try await application.ask("Unwatch", "1", "watch: v") == WebApplication.done("1"))
                let browser = try await Browser.stream("/c?user=m", from: server)
                try await application.waitUntilPresent(1)
                let message = "There is no watch of that name on this connection"
                #expect(
                    try await application.ask("Unwatch", "2", "watch: v")
                        == ControlTests.fault("2", message, "113 unknown_watch"))
                await browser.close()
            }
        }

        @Test("a connection has a hundred watches, and one of them may take the place of another")
        func tooMany() async throws {
            try await TestServer.run { server in
                let application = try await WebApplication.connect(to: server)
                for number in 0..<100 {
                    #expect(try await application.ask("Watch", "\(number)", "recipient: *, *, *").hasPrefix("Success"))
                }
                let message = "There are already 100 watches on this connection"
                #expect(
                    try await application.ask("Watch", "one more", "recipient: *, *, *")
                        == ControlTests.fault("one more", message, "206 too_many_watches"))
                #expect(try await application.ask("Watch", "7", "recipient: *, *, *").hasPrefix("Success"))
            }
        }
    }
}
