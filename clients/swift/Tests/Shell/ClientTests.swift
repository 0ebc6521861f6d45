import NIOCore
import OrbitedWire
import Testing

@testable import OrbitedClient

extension OrbitedClient {
    /// What an event throws.
    nonisolated(nonsending) func errorOfEvent(retry: Bool = false, timeout: Duration? = nil) async -> OrbitedError? {
        do throws(OrbitedError) {
            _ = try await event(to: "michael, 0, /chat", body: "{}", retry: retry, timeout: timeout)
            return nil
        } catch {
            return error
        }
    }
}

@Suite("The client against scripted servers", .timeLimit(.minutes(1)))
struct ClientTests {
    let key = "michael, 0, /chat"

    @Test("an event has a receipt, and the server the event as it was given")
    func event() async throws {
        let frames = Collector<ScriptedServer.Frame>()
        try await ScriptedServer.run { channel, frame in
            frames.add(frame)
            channel.succeed(frame)
        } _: { client in
            #expect(try await client.event(to: key, json: ["text": "a/b"]).ok)
            let second = try await client.event(
                to: [try ConnectionKey(key)], body: [UInt8](arrayLiteral: 0x31), ack: .browser, ttl: 5)
            #expect(second.reached == 1 && second.id == "3")
            #expect(await client.isConnected)
        }
        #expect(frames.all.map(\.body) == ["{\"text\":\"a/b\"}", "1"])
        #expect(
            frames.all.map(\.headers) == [
                ["recipient: michael, 0, /chat", "length: 14"],
                ["recipient: michael, 0, /chat", "ack: browser", "ttl: 5", "length: 1"],
            ])
    }

    @Test("a reply may come byte by byte")
    func splitReply() async throws {
        try await ScriptedServer.run { channel, frame in
            let reply =
                "Failure\r\nid: \(frame.id)\r\nmsg: Failed\r\nreached: 0\r\nunreached: 302 expired (\(key))\r\n\r\n"
            for byte in reply.utf8 { channel.writeAndFlush(ByteBuffer(bytes: [byte]), promise: nil) }
        } _: { client in
            let receipt = try await client.event(to: key, body: "1")
            #expect(receipt.unreached == [Unreached(key: try ConnectionKey(key), code: 302, name: "expired")])
            #expect(receipt.message == "Failed")
        }
    }

    @Test("events that are sent without waiting stay in order, and each finds its reply")
    func pipelined() async throws {
        let bodies = Collector<String>()
        let held = Collector<ScriptedServer.Frame>()
        try await ScriptedServer.run { channel, frame in
            bodies.add(frame.body)
            held.add(frame)
            guard frame.number == 999 else { return }
            for frame in held.all.reversed() { channel.succeed(frame, reached: Int(frame.body) ?? -1) }
        } _: { client in
            let sent = try (0..<1_000).map { try client.send(to: key, json: $0) }
            for (number, event) in sent.enumerated() { #expect(try await event.receipt.reached == number) }
        }
        #expect(bodies.all == (0..<1_000).map(String.init))
    }

    @Test("any number of tasks may share it")
    func shared() async throws {
        try await ScriptedServer.run { channel, frame in
            channel.succeed(frame, reached: Int(frame.body) ?? -1)
        } _: { client in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<100 {
                    group.addTask { try await client.event(to: key, json: number).reached == number }
                }
                for try await isOwn in group { #expect(isOwn) }
            }
        }
    }

    @Test("a list is read from the body of its reply, and close answers how many sessions there were")
    func requests() async throws {
        try await ScriptedServer.run { channel, frame in
            switch frame.action {
            case "List":
                let head = "Success\r\nid: \(frame.id)\r\nkeys: 2\r\nmore: yes\r\nlength: 18\r\n\r\n"
                channel.say(head + "m, 0, /c\nn, 0, /c\n")
            case "Close": channel.say("Success\r\nid: \(frame.id)\r\nclosed: 3\r\n\r\n")
            default: channel.say("Success\r\nid: \(frame.id)\r\n\r\n")
            }
        } _: { client in
            let listing = try await client.list("*, *, /c", limit: 2)
            #expect(listing.keys.map(\.description) == ["m, 0, /c", "n, 0, /c"] && listing.more)
            #expect(try await client.close(["m, *, *"], reason: "Good bye.") == 3)
            try await client.ping()
            try await client.auth("sesame")
        }
    }

    @Test("a refusal has the server's sentence and code")
    func refusal() async throws {
        try await ScriptedServer.run { channel, frame in
            channel.say("Failure\r\nid: \(frame.id)\r\nmsg: No.\r\ncode: 501 auth_required\r\n\r\n")
        } _: { client in
            let error = try #require(await client.errorOfEvent())
            #expect(error.kind == .refused && error.message == "No." && error.code == 501)
            #expect(error.codeName == "auth_required" && !error.retriable && !error.maybeDelivered)
            #expect("\(error)" == "the server refused: No. (501 auth_required)")
        }
    }

    @Test("what can't be sent is told at once, and nothing is sent")
    func invalid() async throws {
        let client = OrbitedClient(port: 1)
        func expect(_ kind: OrbitedError.Kind, _ body: () async throws -> Void) async {
            let error = await #expect(throws: OrbitedError.self) { try await body() }
            #expect(error?.kind == kind)
        }
        let large = String(repeating: "x", count: 1_048_577)
        await expect(.invalidRecipient) { _ = try await client.event(to: "m, 0", body: "1") }
        await expect(.invalidBody) { _ = try await client.event(to: key, json: Double.nan) }
        await expect(.invalidValue) { _ = try await client.event(to: key, body: "1", ttl: -1) }
        await expect(.invalidValue) { _ = try await client.close(key, reason: "a\nb") }
        await expect(.invalidRecipient) { _ = try client.watch(["a, 0, /", "b, 0, /"]) }
        await expect(.limitExceeded) { _ = try await client.event(to: key, body: large) }
        #expect(await !client.isConnected)
    }

    @Test("a server of Orbit 1.0 gets plain events, and what needs more fails with nothing sent")
    func orbit10() async throws {
        try await ScriptedServer.run(greeting: ScriptedServer.orbit10) { channel, frame in
            #expect(frame.version == "Orbit 1.0")
            channel.say("Failure\r\nid: \(frame.id)\r\nmsg: Failed\r\nrecipient: (\(key))\r\n\r\n")
        } _: { client in
            let receipt = try await client.event(to: [key, "jacob, 0, /chat"], body: "1")
            #expect(receipt.reached == 1)
            #expect(receipt.unreached == [Unreached(key: try ConnectionKey(key))])
            let error = await #expect(throws: OrbitedError.self) { try await client.event(to: key, body: "1", ttl: 1) }
            #expect(error?.kind == .unsupportedVersion)
            await #expect(throws: OrbitedError.self) { try await client.list("*, *, *") }
        }
    }

    @Test("what is no reply is a fault of the server's")
    func garbage() async throws {
        try await ScriptedServer.run { channel, _ in
            channel.say("HTTP/1.1 400 Bad Request\r\n\r\n")
        } _: { client in
            let error = try #require(await client.errorOfEvent())
            #expect(error.kind == .protocolViolated && !error.retriable && error.maybeDelivered)
        }
    }

    @Test("a client that nobody holds any more carries out what is under way, and disconnects")
    func released() async throws {
        let (closed, tell) = AsyncStream<Void>.makeStream()
        let server = try await ScriptedServer.start { channel, frame in
            channel.closeFuture.whenComplete { _ in tell.finish() }
            channel.succeed(frame)
        }
        do {
            let client = OrbitedClient(host: "127.0.0.1", port: server.port)
            _ = try client.send(to: key, body: "1")
        }
        for await _ in closed {}
        try await server.stop()
    }
}
