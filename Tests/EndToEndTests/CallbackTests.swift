import NIOCore
import OrbitedServer
import Testing

extension EndToEnd {
    @Suite("Callbacks", .timeLimit(.minutes(1)))
    struct CallbackTests {
        private func run(
            _ application: CallbackApplication, _ change: @escaping (inout Configuration) -> Void = { _ in },
            _ test: (TestServer) async throws -> Void
        ) async throws {
            let (signon, signoff, failure) = (
                try application.url("/on"), try application.url("/off"), try application.url("/failure?a=b")
            )
            try await TestServer.run {
                $0.session.timeout = .milliseconds(50)
                $0.callbacks.signon = signon
                $0.callbacks.signoff = signoff
                $0.callbacks.failure = failure
                change(&$0)
            } _: { server in
                try await test(server)
            }
        }

        @Test("the application is told who comes and who has gone, in order, each at its URL [CBK-1] [CBK-4]")
        func comeAndGo() async throws {
            let application = try await CallbackApplication.start()
            try await run(application) { server in
                for _ in 0..<3 {
                    let browser = try await Browser.stream("/c?user=m", from: server)
                    let on = try await application.request()
                    #expect(on.target == "/on")
                    #expect(try on.told() == ["signon m, 0, /c"])
                    await browser.close()
                    let off = try await application.request()
                    #expect(off.target == "/off")
                    #expect(try off.told() == ["signoff m, 0, /c expired"])
                    #expect(on.headers["webhook-id"] != off.headers["webhook-id"])
                }
            }
            try await application.stop()
        }

        @Test("it is told whom events did not reach, in either version and over HTTP [CBK-3]")
        func failures() async throws {
            let application = try await CallbackApplication.start()
            try await run(application) {
                $0.admin.enabled = true
                $0.admin.port = 0
            } _: { server in
                let sender = try await WebApplication.connect(to: server)
                try await sender.send("old", to: ["m, 0, /c"], "1")
                #expect(try await application.told(1) == ["failure m, 0, /c old unreachable"])
                try await sender.peer.send(WebApplication.event11("new", to: ["n, 0, /c", "*, *, /c"], "1"))
                #expect(try await application.told(1) == ["failure n, 0, /c new unreachable"])
            }
            try await application.stop()
        }

        @Test("it is told of an event whose sender has gone meanwhile")
        func senderGone() async throws {
            let application = try await CallbackApplication.start()
            try await run(application, { $0.session.timeout = .milliseconds(300) }) { server in
                let browser = try await Browser.stream("/c?user=m", from: server)
                let sender = try await WebApplication.connect(to: server)
                await browser.close()
                try await sender.sendWhenAway(to: "m, 0, /c")
                await sender.close()
                while try await application.told(1) != ["failure m, 0, /c waits unreachable"] {}
            }
            try await application.stop()
        }

        @Test("each kind may have an application of its own, and none gets what is for another [CBK-1]")
        func applications() async throws {
            let first = try await CallbackApplication.start()
            let second = try await CallbackApplication.start()
            let off = try second.url("/off")
            try await run(first) {
                $0.callbacks.connections = 1
                $0.callbacks.signoff = off
            } _: { server in
                for _ in 0..<3 {
                    let browser = try await Browser.stream("/c?user=m", from: server)
                    let on = try await first.request()
                    #expect(try on.target == "/on" && on.told() == ["signon m, 0, /c"])
                    await browser.close()
                    let off = try await second.request()
                    #expect(try off.target == "/off" && off.told() == ["signoff m, 0, /c expired"])
                    #expect(off.headers["host"] == "127.0.0.1:\(second.port)")
                }
            }
            try await first.stop()
            try await second.stop()
        }

        @Test("of many sessions that end at once each is told once")
        func many() async throws {
            let application = try await CallbackApplication.start()
            try await run(application) {
                $0.callbacks.signon = nil
            } _: { server in
                var browsers: [Browser] = []
                for user in 0..<400 { browsers.append(try await Browser.stream("/c?user=u\(user)", from: server)) }
                let sender = try await WebApplication.connect(to: server)
                try await sender.waitUntilPresent(400)
                try await sender.peer.send("Orbit 1.1\r\nClose\r\nid: c\r\nrecipient: *, *, *\r\n\r\n")
                let told = try await application.told(400)
                #expect(Set(told) == Set((0..<400).map { "signoff u\($0), 0, /c closed" }) && told.count == 400)
                for browser in browsers { await browser.close() }
            }
            try await application.stop()
        }

        @Test("a request that is refused comes again as it was, and later ones of its session wait [CBK-5]")
        func again() async throws {
            let application = try await CallbackApplication.start { $0 == 0 ? 503 : 204 }
            try await run(application) { server in
                let browser = try await Browser.stream("/c?user=m", from: server)
                await browser.close()
                let first = try await application.request()
                let second = try await application.request()
                #expect(first.target == "/on" && first.body == second.body)
                #expect(first.headers["webhook-id"] == second.headers["webhook-id"])
                #expect(try await application.request().target == "/off")
            }
            try await application.stop()
        }

        @Test("what was dropped is counted in the next request, and delivery does not wait [CBK-7] [CBK-8]")
        func dropped() async throws {
            let application = try await CallbackApplication.start { $0 == 0 ? nil : 200 }
            try await run(application) {
                $0.callbacks.connections = 1
                $0.callbacks.maxWaiting = 2
                $0.callbacks.timeout = .milliseconds(800)
            } _: { server in
                let sender = try await WebApplication.connect(to: server)
                for number in 0..<20 { try await sender.send("\(number)", to: ["m, 0, /c"], "1") }
                for number in 0..<20 {
                    #expect(try await sender.reply() == WebApplication.failure("\(number)", ["m, 0, /c"]))
                }
                let (first, again) = (try await application.request(), try await application.request())
                #expect(first.body == again.body)
                // The first may have been all that had room: then what was dropped is told with the next that has some.
                let more = Task {
                    var sent = 20
                    while !Task.isCancelled {
                        try await sender.send("\(sent)", to: ["m, 0, /c"], "1")
                        _ = try await sender.reply()
                        sent += 1
                    }
                    return sent
                }
                let next = try await application.request()
                more.cancel()
                let sent = try await more.value
                let (told, dropped) = (try first.told().count + next.told().count, try next.dropped())
                #expect(dropped > 0)
                #expect(told + dropped <= sent)
            }
            try await application.stop()
        }

        @Test("a request is signed if there is a secret [CBK-6]")
        func signature() async throws {
            let application = try await CallbackApplication.start()
            let file = try SecretFile("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n")
            try await run(application, { $0.callbacks.secret = Secret(path: file.path) }) { server in
                let browser = try await Browser.stream("/c?user=m", from: server)
                let request = try await application.request()
                #expect(request.headers["webhook-signature"]?.hasPrefix("v1,") == true)
                #expect(request.headers["webhook-timestamp"].flatMap { Int($0) } ?? 0 > 1_700_000_000)
                await browser.close()
            }
            try await application.stop()
        }

        @Test("a server that stops tells of the sessions that end with it [CBK-9]")
        func shutdown() async throws {
            let application = try await CallbackApplication.start()
            try await run(application) { server in
                let browser = try await Browser.stream("/c?user=m", from: server)
                #expect(try await application.told(1) == ["signon m, 0, /c"])
                try await server.stop()
                #expect(try await application.told(1) == ["signoff m, 0, /c shutdown"])
                await browser.close()
            }
            try await application.stop()
        }

        @Test("a server whose application is not there stops in time, all the same")
        func nobody() async throws {
            let application = try await CallbackApplication.start()
            try await application.stop()
            try await run(application) { server in
                let browser = try await Browser.stream("/c?user=m", from: server)
                await browser.close()
                try await server.stop()
            }
        }
    }
}
