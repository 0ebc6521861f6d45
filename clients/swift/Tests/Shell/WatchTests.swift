import NIOCore
import OrbitedWire
import Testing

@testable import OrbitedClient

@Suite("Watches against scripted servers", .timeLimit(.minutes(1)))
struct WatchTests {
    private static func notice(_ word: String, _ watch: String, _ sequence: Int, _ more: String = "") -> String {
        "\(word)\r\nwatch: \(watch)\r\nepoch: e\r\nsequence: \(sequence)\r\nkey: (m, 0, /c)\r\n\(more)\r\n"
    }

    @Test("a watch has all notices from its reply on, in order, and leaving the loop ends it")
    func notices() async throws {
        let (unwatched, tell) = AsyncStream<String>.makeStream()
        try await ScriptedServer.run { channel, frame in
            if frame.action == "Unwatch" {
                channel.say("Success\r\nid: \(frame.id)\r\n\r\n")
                tell.yield(frame.headers[0])
            } else {
                channel.say(
                    "Success\r\nid: \(frame.id)\r\nepoch: e\r\nsequence: 4\r\npresent: 1\r\n\r\n"
                        + Self.notice("Present", frame.id, 4) + Self.notice("Signon", frame.id, 5)
                        + Self.notice("Signoff", frame.id, 6, "reason: expired\r\nmissed: 7\r\n"))
            }
        } _: { client in
            let watch = try client.watch("*, *, /c", state: true)
            let start = try await watch.ready()
            #expect(start == WatchStart(place: NoticePlace(epoch: "e", sequence: 4), present: 1))
            var found: [WatchNotice] = []
            for try await notice in watch {
                found.append(notice)
                if found.count == 3 { break }
            }
            let key = try ConnectionKey("m, 0, /c")
            func place(_ sequence: UInt64) -> NoticePlace { NoticePlace(epoch: "e", sequence: sequence) }
            #expect(
                found == [
                    .present(key, at: place(4)), .signon(key, at: place(5)),
                    .signoff(key, Signoff(reason: .expired, missed: ["7"]), at: place(6)),
                ])
            #expect(watch.place == place(6))
            for await header in unwatched {
                #expect(header == "watch: 2")
                break
            }
        }
    }

    @Test("a watch goes on over lost connections where it was, and tells of a gap where it can't")
    func lost() async throws {
        let places = Collector<[String]>()
        try await ScriptedServer.run { channel, frame in
            places.add(frame.headers)
            let resumed = frame.connection == 1 ? "yes" : "no"
            let first = 4 + 10 * frame.connection
            channel.say(
                "Success\r\nid: \(frame.id)\r\nepoch: e\r\nsequence: \(first)\r\nresumed: \(resumed)\r\n\r\n"
                    + Self.notice("Signon", frame.id, first + 1))
            if frame.connection < 2 { channel.close(promise: nil) }
        } _: { client in
            var found: [String] = []
            for try await notice in try client.watch("*, *, /c") {
                if case .gap = notice { found.append("gap") } else { found.append("\(notice.place.sequence)") }
                if found.count == 4 { break }
            }
            #expect(found == ["5", "15", "gap", "25"])
        }
        #expect(
            places.all.filter { $0[0].hasPrefix("recipient") } == [
                ["recipient: *, *, /c"], ["recipient: *, *, /c", "epoch: e", "sequence: 5"],
                ["recipient: *, *, /c", "epoch: e", "sequence: 15"],
            ])
    }

    @Test("a reader that reads nothing has a bounded number of notices waiting, and is told")
    func slowReader() async throws {
        try await ScriptedServer.run { channel, frame in
            guard frame.action == "Watch" else { return channel.say("Success\r\nid: \(frame.id)\r\n\r\n") }
            channel.say("Success\r\nid: \(frame.id)\r\nepoch: e\r\nsequence: 0\r\n\r\n")
            for sequence in 1...10_001 { channel.say(Self.notice("Signon", frame.id, sequence)) }
        } _: { client in
            let watch = try client.watch("*, *, /c")
            _ = try await watch.ready()
            try await client.ping()
            var count = 0
            let error = await #expect(throws: OrbitedError.self) { for try await _ in watch { count += 1 } }
            #expect(error?.kind == .noticesOverflow && error?.retriable == true)
            #expect(count == 10_000)
        }
    }

    @Test("a task that is cancelled ends its iteration, and unwatch and disconnect end it without an error")
    func ends() async throws {
        try await ScriptedServer.run { channel, frame in
            guard frame.action == "Watch" else { return channel.say("Success\r\nid: \(frame.id)\r\n\r\n") }
            channel.say("Success\r\nid: \(frame.id)\r\nepoch: e\r\nsequence: 0\r\n\r\n")
        } _: { client in
            func read(_ watch: Watch) -> Task<Int, any Error> {
                Task {
                    var count = 0
                    for try await _ in watch { count += 1 }
                    return count
                }
            }
            let watches = try (0..<3).map { _ in try client.watch("*, *, /c") }
            for watch in watches { _ = try await watch.ready() }
            let tasks = watches.map(read)
            tasks[0].cancel()
            #expect(try await tasks[0].value == 0)
            await client.unwatch(watches[1])
            #expect(try await tasks[1].value == 0)
            await client.disconnect()
            #expect(try await tasks[2].value == 0)
        }
    }
}
