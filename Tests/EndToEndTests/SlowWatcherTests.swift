import NIOCore
import Testing

extension EndToEnd {
    @Suite("Applications that watch and read slowly")
    struct SlowWatcherTests {
        /// More replies than the sockets between hold.
        private static let count = 40_000
        private static let filling = String(repeating: "x", count: 200)

        /// An application that watches everybody, and whose socket takes nothing.
        private func watcher(of server: TestServer, _ application: WebApplication) async throws -> WebApplication {
            let watcher = WebApplication(peer: try await Peer.connect(to: server.control, receiveBuffer: 4096))
            let pings = (0..<Self.count).map { WebApplication.orbit11("Ping", "\($0)-\(Self.filling)") }
            watcher.peer.start(
                sending: ByteBuffer(
                    string: WebApplication.orbit11("Watch", "w", ["recipient: *, *, *"]) + pings.joined()))
            try await waitUntilStuck(watcher, application)
            return watcher
        }

        /// Waits until the server reads nothing more of it, since nothing more can be written to it: while so many
        /// questions of another application are answered.
        private func waitUntilStuck(_ watcher: WebApplication, _ application: WebApplication) async throws {
            var (unsent, rounds) = (0, 0)
            while rounds < 300 {
                _ = try await application.ask("Ping", "stuck")
                let now = try await watcher.peer.unsentBytes()
                rounds = now == unsent && now > 0 ? rounds + 1 : 0
                unsent = now
            }
        }

        /// Lets so many sessions come, and go.
        private func visit(_ server: TestServer, sessions: Int, _ application: WebApplication) async throws {
            let browser = try await Browser.connect(to: server)
            let requests = (0..<sessions).map {
                "GET /c?user=u\($0)&transport=poll HTTP/1.1\r\nHost: example.org\r\n\r\n"
            }
            browser.peer.start(sending: ByteBuffer(string: requests.joined()))
            for _ in 0..<sessions { _ = try await browser.response() }
            try await application.waitUntilPresent(0)
        }

        /// The replies to pings, and all else that a watcher gets up to some text.
        private func read(_ watcher: WebApplication, until isLast: (String) -> Bool) async throws -> (Int, [String]) {
            try await watcher.peer.setReading(true)
            var pings = 0
            var others: [String] = []
            while true {
                let reply = try await watcher.reply()
                if reply.contains(Self.filling) { pings += 1 } else { others.append(reply) }
                if isLast(reply) { return (pings, others) }
            }
        }

        @Test("notices wait while the socket takes nothing, and come all and in order", arguments: [1, 2])
        func waits(loops: Int) async throws {
            try await TestServer.run(loops: loops) {
                $0.session.timeout = .milliseconds(50)
            } _: { server in
                let application = try await WebApplication.connect(to: server)
                let watcher = try await watcher(of: server, application)
                let sessions = 500
                try await visit(server, sessions: sessions, application)
                var notices = 0
                let (_, others) = try await read(watcher) { reply in
                    if reply.hasPrefix("Sign") { notices += 1 }
                    return notices == 2 * sessions
                }
                let numbers = others.dropFirst().compactMap { WebApplication.value("sequence", in: $0) }
                #expect(others.first?.hasPrefix("Success\r\nid: w\r\n") == true)
                #expect(numbers == (1...2 * sessions).map { "\($0)" })
            }
        }

        @Test("a watch for which too many wait is ended behind those, and the connection goes on")
        func overflows() async throws {
            try await TestServer.run {
                $0.session.timeout = .milliseconds(50)
            } _: { server in
                let application = try await WebApplication.connect(to: server)
                let watcher = try await watcher(of: server, application)
                try await visit(server, sessions: 7_000, application)
                let end = ControlTests.fault("w", "More than 10000 notices wait to be read", "404 watch_overflow")
                let (pings, others) = try await read(watcher) { $0 == end }
                let numbers = others.compactMap { WebApplication.value("sequence", in: $0) }.dropFirst()
                #expect(Array(numbers) == (1...numbers.count).map { "\($0)" })
                #expect((10_000..<14_000).contains(numbers.count))
                for _ in pings..<Self.count { #expect(try await watcher.reply().contains(Self.filling)) }
                #expect(try await watcher.ask("Unwatch", "u", "watch: w").contains("113 unknown_watch"))
            }
        }
    }
}
