import NIOCore
import NIOPosix
import OrbitedClient
import OrbitedWire
import Testing

@Suite("What else the client can ask", .timeLimit(.minutes(1)))
struct RequestTests {
    private func recipients(_ text: String) throws -> Recipients {
        if let pattern = try KeyPattern(text) { return Recipients(patterns: [pattern]) }
        return Recipients(keys: [try ConnectionKey(text)])
    }

    private func notice(_ word: String, _ sequence: Int, _ more: String = "") -> String {
        "\(word)\r\nwatch: 1\r\nepoch: e\r\nsequence: \(sequence)\r\nkey: (m, 0, /c)\r\n\(more)\r\n"
    }

    @Test("a list is read from the body of its reply")
    func list() async throws {
        try await ScriptedServer.run { channel, _, ids in
            channel.say(
                "Success\r\nid: \(ids.last ?? "")\r\nkeys: 2\r\nmore: yes\r\nlength: 18\r\n\r\nm, 0, /c\nn, 0, /c\n")
        } _: { client in
            let (keys, hasMore) = try await client.list(recipients("*, *, /c"), limit: 2)
            #expect(keys.map(\.description) == ["m, 0, /c", "n, 0, /c"])
            #expect(hasMore)
        }
    }

    @Test("a refusal has the server's sentence and code, and a retry of it is safe")
    func refusal() async throws {
        try await ScriptedServer.run { channel, _, ids in
            channel.say("Failure\r\nid: \(ids.last ?? "")\r\nmsg: No.\r\ncode: 501 auth_required\r\n\r\n")
        } _: { client in
            await #expect(throws: OrbitedClientError.refused("No.", code: 501)) { try await client.ping() }
            #expect(OrbitedClientError.refused("No.", code: 501).isRetrySafe)
        }
    }

    @Test("close answers how many sessions there were")
    func close() async throws {
        try await ScriptedServer.run { channel, _, ids in
            channel.say("Success\r\nid: \(ids.last ?? "")\r\nclosed: 3\r\n\r\n")
        } _: { client in
            let count = try await client.close(recipients("m, *, *"), reason: "Good bye.")
            #expect(count == 3)
        }
    }

    @Test("a watch has all news from its reply on, in order")
    func watch() async throws {
        try await ScriptedServer.run { channel, number, ids in
            guard number == 0 else { return }
            channel.say(
                "Success\r\nid: \(ids[0])\r\nepoch: e\r\nsequence: 4\r\npresent: 1\r\n\r\n" + notice("Present", 4)
                    + notice("Signon", 5) + notice("Signoff", 6, "reason: expired\r\nmissed: 7\r\n"))
        } _: { client in
            let watch = try await client.watch(recipients("*, *, /c"), withState: true)
            #expect(watch.place == NoticePlace(epoch: "e", sequence: 4))
            #expect(watch.present == 1 && watch.isResumed == nil)
            var news: [WatchNews] = []
            for try await one in watch {
                news.append(one)
                if news.count == 3 { break }
            }
            #expect(news.map(\.place.sequence) == [4, 5, 6])
            #expect(
                news.map(\.news) == [
                    .present, .signon, .signoff(Notice.Signoff(reason: .expired, missed: ["7"])),
                ])
        }
    }

    @Test("a watch whose connection is lost throws, after the news that had come")
    func watchLost() async throws {
        try await ScriptedServer.run { channel, _, ids in
            channel.say("Success\r\nid: \(ids[0])\r\nepoch: e\r\nsequence: 4\r\n\r\n" + notice("Signon", 5))
            channel.close(promise: nil)
        } _: { client in
            let watch = try await client.watch(recipients("*, *, /c"))
            var count = 0
            await #expect(throws: OrbitedClientError.self) { for try await _ in watch { count += 1 } }
            #expect(count == 1)
        }
    }

    @Test("a failure under the name of a watch that has begun is its end")
    func watchOverflow() async throws {
        try await ScriptedServer.run { channel, _, ids in
            channel.say(
                "Success\r\nid: \(ids[0])\r\nepoch: e\r\nsequence: 4\r\n\r\n"
                    + "Failure\r\nid: \(ids[0])\r\nmsg: Too slow\r\ncode: 404 watch_overflow\r\n\r\n")
        } _: { client in
            let watch = try await client.watch(recipients("*, *, /c"))
            await #expect(throws: OrbitedClientError.refused("Too slow", code: 404)) { for try await _ in watch {} }
        }
    }

    @Test("a reader that reads nothing has a bounded number of notices waiting, and is told")
    func slowReader() async throws {
        try await ScriptedServer.run { channel, number, ids in
            guard number == 0 else { return }
            channel.say("Success\r\nid: \(ids[0])\r\nepoch: e\r\nsequence: 0\r\n\r\n")
            for sequence in 1...10_001 { channel.say(notice("Signon", sequence)) }
            channel.say("Success\r\nid: 2\r\n\r\n")
        } _: { client in
            let watch = try await client.watch(recipients("*, *, /c"))
            try await client.ping()
            var count = 0
            await #expect(throws: OrbitedClientError.watchOverflow) { for try await _ in watch { count += 1 } }
            #expect(count == 10_000)
        }
    }

    @Test("an event with terms tells the fate of each recipient that was not reached")
    func fates() async throws {
        try await ScriptedServer.run { channel, _, ids in
            channel.say(
                "Failure\r\nid: \(ids.last ?? "")\r\nmsg: Failed\r\nreached: 2\r\nunreached: 302 expired (m, 0, /c)\r\n\r\n"
            )
        } _: { client in
            let reply = try await client.event(
                to: [ConnectionKey("m, 0, /c")], body: ByteBuffer(string: "{}"), terms: EventFrame.Terms(ttl: 5))
            #expect(reply.reached == 2)
            #expect(reply.fates == [Reply.Fate(code: 302, name: "expired", key: "m, 0, /c")])
        }
    }
}
