import NIOCore
import OrbitedClient
import Testing

extension EndToEnd {
    @Suite("The Swift client and the fates of its events")
    struct ClientFateTests {
        private func client(of server: TestServer) throws -> OrbitedClient {
            OrbitedClient(host: "127.0.0.1", port: try #require(server.control.port))
        }

        /// Lets a user of `/x` have a session whose browser is away: events wait for it until the session's end.
        private func away(_ user: String, _ server: TestServer, _ client: OrbitedClient) async throws {
            let browser = try await Browser.stream("/x?user=\(user)", from: server)
            await browser.close()
            // Until the server has seen that the browser is gone, it writes to it.
            while try await client.event(to: "\(user), 0, /x", json: "first", ttl: 0).ok {}
        }

        private func fates(_ receipt: Receipt) -> [String] { receipt.unreached.map(\.description) }

        @Test("one event has four recipients and four fates, and a closed session and a silent browser have theirs")
        func fates() async throws {
            try await TestServer.run {
                $0.session.timeout = .seconds(60)
                $0.session.maxWaiting = 1
            } _: { server in
                let client = try client(of: server)
                let here = try await Browser.stream("/x?user=here", from: server)
                for user in ["expired", "full", "closed"] { try await away(user, server, client) }
                let waits = try client.send(to: ["full, 0, /x", "closed, 0, /x"], json: "waits")
                let receipt = try await client.event(
                    to: ["nobody, 0, /x", "here, 0, /x", "expired, 0, /x", "full, 0, /x"], json: 1, ttl: 1)
                #expect(receipt.reached == 1 && !receipt.ok)
                #expect(
                    fates(receipt) == [
                        "nobody, 0, /x (301 unreachable)", "expired, 0, /x (302 expired)", "full, 0, /x (303 overflow)",
                    ])
                #expect(try await here.event() == "data: 1\n\n")
                #expect(try await client.close("closed, 0, /x", reason: "Bye") == 1)
                let back = try await Browser.stream("/x?user=full", from: server)
                #expect(try await back.event() == "data: \"waits\"\n\n")
                #expect(fates(try await waits.receipt) == ["closed, 0, /x (304 refused)"])
                let old = try await Browser.stream("/x?user=old&transport=xhr_stream", from: server)
                let unconfirmed = try await client.event(to: "old, 0, /x", json: 2, ack: .browser)
                #expect(fates(unconfirmed) == ["old, 0, /x (305 unconfirmed)"])
                for browser in [here, back, old] { await browser.close() }
                await client.disconnect()
            }
        }

        @Test("a pattern reaches all that it stands for, each once; list tells the keys, and close ends their sessions")
        func patterns() async throws {
            try await TestServer.run { server in
                let client = try client(of: server)
                let browsers = [
                    try await Browser.stream("/chat?user=a", from: server),
                    try await Browser.stream("/chat?user=b&session=1", from: server),
                    try await Browser.stream("/news?user=a", from: server),
                ]
                let receipt = try await client.event(to: ["*, *, /chat", "a, 0, /chat", "*, 1, *"], json: 1)
                #expect(receipt.ok && receipt.reached == 2)
                #expect(try await client.event(to: "*, *, /nowhere", json: 2).reached == 0)
                let all = try await client.list("*, *, *")
                #expect(all.keys.map(\.description).sorted() == ["a, 0, /chat", "a, 0, /news", "b, 1, /chat"])
                let some = try await client.list(["*, *, /chat"], limit: 1)
                #expect(some.keys.count == 1 && some.more)
                #expect(try await client.close("*, *, /chat") == 2)
                for browser in browsers { await browser.close() }
                await client.disconnect()
            }
        }
    }
}
