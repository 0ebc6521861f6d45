import NIOCore
import OrbitedWire
import Testing

@testable import OrbitedClient

extension OrbitedClient {
    /// How many calls wait to be sent.
    var waiting: Int { carrier.value.courier.calls.queue.count }

    /// Sends events in one turn of the loop.
    func sendAtOnce(_ count: Int, to key: String, body: String) throws -> [PendingReceipt] {
        let carrier = carrier.value
        let frame = try Frame.event(to: key.recipients(), body: body.bodyBytes)
        let sent = (0..<count).map { _ in PendingReceipt(client: self) }
        for event in sent { carrier.courier.call(Call(frame, onLoss: .fail, onEnd: event.end), carrier.now) }
        carrier.plan()
        return sent
    }

    /// Disconnects when a Ping is to be sent, and before it is.
    func pingAndLeave() {
        let carrier = carrier.value
        carrier.courier.call(Call(.ping, onLoss: .fail), carrier.now)
        carrier.leave(nil)
    }
}

@Suite("Connections that are lost, slow or not there", .timeLimit(.minutes(1)))
struct LossTests {
    let key = "michael, 0, /chat"

    @Test("a server that is not there can't be connected to, and a retry is safe")
    func nobodyThere() async throws {
        let server = try await ScriptedServer.start { _, _ in }
        try await server.stop()
        let client = OrbitedClient(host: "127.0.0.1", port: server.port)
        let error = await #expect(throws: OrbitedError.self) { try await client.connect() }
        #expect(error?.kind == .connectFailed && error?.isRetrySafe == true)
        let message = "can't connect to 127.0.0.1:\(server.port): connection refused; is Orbited running?"
        #expect(error?.description == message)
        let late = try #require(await client.errorOfEvent(timeout: .milliseconds(50)))
        #expect(late.kind == .timedOut && late.isRetrySafe && late.message.contains("connection refused"))
    }

    @Test("a name without an address can't be connected to")
    func noAddress() async throws {
        let client = OrbitedClient(host: "nobody.invalid")
        let error = await #expect(throws: OrbitedError.self) { try await client.connect() }
        #expect(error?.kind == .connectFailed)
    }

    @Test(
        "a connection that ends leaves open the fate of what was sent, and the next call has a new one",
        arguments: [true, false])
    func ended(byReset: Bool) async throws {
        try await ScriptedServer.run { channel, frame in
            guard frame.connection == 0 else { return channel.succeed(frame) }
            guard frame.number == 2 else { return }
            if byReset { channel.reset() } else { channel.close(promise: nil) }
        } _: { client in
            let sent = try (0..<3).map { try client.send(to: key, json: $0) }
            for event in sent {
                let error = await #expect(throws: OrbitedError.self) { try await event.receipt }
                #expect(error?.kind == .connectionLost && error?.maybeDelivered == true && error?.isRetrySafe == false)
            }
            #expect(try await client.event(to: key, body: "1").ok)
        }
    }

    @Test("with retry events go out again on the next connection, in their order")
    func retry() async throws {
        let bodies = Collector<String>()
        try await ScriptedServer.run { channel, frame in
            guard frame.connection > 0 else {
                if frame.number == 50 { channel.reset() }
                return
            }
            bodies.add(frame.body)
            channel.succeed(frame)
        } _: { client in
            let sent = try (0..<200).map { try client.send(to: key, json: $0, retry: true) }
            for event in sent { #expect(try await event.receipt.ok) }
        }
        #expect(bodies.all == (0..<200).map(String.init))
    }

    @Test("calls that ended with an error were sent once, and those that wait go out when there is a connection")
    func waits() async throws {
        try await ScriptedServer.run { channel, frame in
            if frame.connection == 0 { channel.close(promise: nil) } else { channel.succeed(frame) }
        } _: { client in
            let error = try #require(await client.errorOfEvent())
            #expect(error.kind == .connectionLost)
            #expect(try await client.event(to: key, body: "1").ok)
        }
    }

    @Test("no reply in time is a time-out, and the client goes on")
    func silence() async throws {
        let held = Collector<ScriptedServer.Frame>()
        try await ScriptedServer.run { channel, frame in
            held.add(frame)
            if frame.number > 0 { for frame in held.all { channel.succeed(frame) } }
        } _: { client in
            try await client.connect()
            let error = try #require(await client.errorOfEvent(timeout: .seconds(1)))
            #expect(error.kind == .timedOut && error.maybeDelivered)
            #expect(try await client.event(to: key, body: "1").ok)
        }
    }

    @Test("a task that is cancelled ends its call, and the client goes on")
    func cancelled() async throws {
        let (came, tell) = AsyncStream<Void>.makeStream()
        let held = Collector<ScriptedServer.Frame>()
        try await ScriptedServer.run { channel, frame in
            held.add(frame)
            tell.yield()
            if frame.number > 0 { for frame in held.all { channel.succeed(frame) } }
        } _: { client in
            let task = Task { await client.errorOfEvent() }
            for await _ in came { break }
            task.cancel()
            let error = try #require(await task.value)
            #expect(error.kind == .cancelled && error.maybeDelivered)
            #expect(try await client.event(to: key, body: "1").ok)
        }
    }

    @Test("a task that was cancelled before sends nothing")
    func cancelledBefore() async throws {
        let count = Counter()
        try await ScriptedServer.run { channel, frame in
            _ = count.next()
            channel.succeed(frame)
        } _: { client in
            try await client.connect()
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return await client.errorOfEvent()
            }
            let error = try #require(await task.value)
            #expect(error.kind == .cancelled && !error.maybeDelivered)
        }
        #expect(count.next() == 0)
    }

    @Test("an event that was sent without waiting can be cancelled")
    func cancelledPending() async throws {
        try await ScriptedServer.run { _, _ in
        } _: { client in
            let event = try client.send(to: key, body: "1")
            event.cancel()
            let error = await #expect(throws: OrbitedError.self) { try await event.receipt }
            #expect(error?.kind == .cancelled)
        }
    }

    @Test(
        "a server that does not read is sent a bounded number of bytes, and its replies are read meanwhile",
        arguments: [false, true])
    func backPressure(isEncrypted: Bool) async throws {
        let (stopped, tell) = AsyncStream<(any Channel, ScriptedServer.Frame)>.makeStream()
        try await ScriptedServer.run(isEncrypted: isEncrypted) { channel, frame in
            guard frame.number == 0 else { return channel.succeed(frame) }
            channel.setOption(.autoRead, value: false).whenSuccess { tell.yield((channel, frame)) }
        } options: {
            // So that it is the socket that has no room.
            $0.limits.inFlightBytes = .max
        } _: { client in
            let first = try client.send(to: key, body: "1")
            for await (channel, frame) in stopped {
                let body = String(repeating: "x", count: 500_000)
                let sent = try await client.sendAtOnce(60, to: key, body: body)
                // They have been sent before this, as far as they are.
                #expect(await client.waiting > 0)
                channel.succeed(frame)
                #expect(try await first.receipt.ok)
                #expect(await client.waiting > 0)
                try await channel.setOption(.autoRead, value: true).get()
                for event in sent { #expect(try await event.receipt.ok) }
                break
            }
        }
    }

    @Test("disconnect closes the connection also if what it waited for can't be sent")
    func disconnectUnsendable() async throws {
        let (closed, tell) = AsyncStream<Void>.makeStream()
        try await ScriptedServer.run(greeting: ScriptedServer.orbit10) { channel, frame in
            channel.closeFuture.whenComplete { _ in tell.finish() }
            channel.say("Success\r\nid: \(frame.id)\r\n\r\n")
        } _: { client in
            let receipt = try await client.event(to: key, body: "1")
            #expect(receipt.ok)
            await client.pingAndLeave()
            for await _ in closed {}
        }
    }

    @Test("disconnect ends what the server does not answer")
    func disconnect() async throws {
        let (came, tell) = AsyncStream<Void>.makeStream()
        try await ScriptedServer.run { _, _ in
            tell.yield()
        } _: { client in
            let event = try client.send(to: key, body: "1")
            for await _ in came { break }
            await client.disconnect(timeout: .milliseconds(50))
            let error = await #expect(throws: OrbitedError.self) { try await event.receipt }
            #expect(error?.kind == .disconnected && error?.maybeDelivered == true)
            #expect(await !client.isConnected)
        }
    }
}
