import Glibc
import NIOCore
import NIOPosix
import OrbitedClient
import OrbitedWire
import Testing

@Suite("OrbitedClient", .timeLimit(.minutes(1)))
struct OrbitedClientTests {
    let key: ConnectionKey
    let body = ByteBuffer(string: "{}")

    init() throws { key = try ConnectionKey("michael, 0, /chat") }

    /// What an event throws.
    func error(of client: OrbitedClient) async -> OrbitedClientError? {
        do throws(OrbitedClientError) {
            _ = try await client.event(to: [key], body: body)
            return nil
        } catch {
            return error
        }
    }

    @Test("a Success is a reply with its id")
    func success() async throws {
        try await ScriptedServer.run { channel, _, ids in
            channel.say("Success\r\nid: \(ids.last ?? "")\r\n\r\n")
        } _: { client in
            let reply = try await client.event(to: [key], body: body)
            #expect(reply.isSuccess)
            let second = try await client.event(to: [key], body: body)
            #expect(second.id != reply.id)
        }
    }

    @Test("a reply may come byte by byte")
    func splitReply() async throws {
        try await ScriptedServer.run { channel, _, ids in
            let reply = "Failure\r\nid: \(ids.last ?? "")\r\nmsg: Failed\r\nrecipient: (michael, 0, /chat)\r\n\r\n"
            for byte in reply.utf8 { channel.writeAndFlush(ByteBuffer(bytes: [byte]), promise: nil) }
        } _: { client in
            let reply = try await client.event(to: [key], body: body)
            #expect(!reply.isSuccess)
            #expect(reply.message == "Failed")
            #expect(reply.unreached == ["michael, 0, /chat"])
        }
    }

    @Test("replies that come in another order find their events")
    func order() async throws {
        try await ScriptedServer.run { channel, number, ids in
            guard number == 9 else { return }
            for id in ids.reversed() { channel.say("Failure\r\nid: \(id)\r\nmsg: \(id)\r\n\r\n") }
        } _: { client in
            try await withThrowingTaskGroup(of: Reply.self) { group in
                for _ in 0..<10 { group.addTask { try await client.event(to: [key], body: body) } }
                var ids: Set<String> = []
                for try await reply in group {
                    #expect(reply.message == reply.id)
                    ids.insert(reply.message)
                }
                #expect(ids.count == 10)
            }
        }
    }

    @Test("a reply to an event that nobody sent is left alone")
    func wrongID() async throws {
        try await ScriptedServer.run { channel, _, ids in
            channel.say(
                "Success\r\nid: nobody\r\n\r\nFailure\r\nid: 999\r\n\r\nSuccess\r\nid: \(ids.last ?? "")\r\n\r\n")
        } _: { client in
            let reply = try await client.event(to: [key], body: body)
            #expect(reply.isSuccess)
        }
    }

    @Test("no reply in time is timedOut, and the client goes on")
    func silence() async throws {
        try await ScriptedServer.run(timeout: .seconds(2)) { channel, number, ids in
            if number > 0 { channel.say("Success\r\nid: \(ids[0])\r\n\r\nSuccess\r\nid: \(ids[number])\r\n\r\n") }
        } _: { client in
            #expect(await error(of: client) == .timedOut)
            let reply = try await client.event(to: [key], body: body)
            #expect(reply.isSuccess)
        }
    }

    @Test(
        "a connection that ends before the reply is lost for all that wait, and what comes later is not sent",
        arguments: [true, false])
    func ended(byReset: Bool) async throws {
        try await ScriptedServer.run { channel, number, _ in
            guard number == 2 else { return }
            if byReset {
                (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                    .whenComplete { _ in channel.close(promise: nil) }
            } else {
                channel.close(promise: nil)
            }
        } _: { client in
            await withTaskGroup(of: OrbitedClientError?.self) { group in
                for _ in 0..<3 { group.addTask { await error(of: client) } }
                for await error in group { expectLost(error) }
            }
            let late = await error(of: client)
            #expect(late == .notConnected && late?.isRetrySafe == true)
        }
    }

    func expectLost(_ error: OrbitedClientError?) {
        guard case .connectionLost = error else {
            Issue.record("\(String(describing: error)) is no lost connection")
            return
        }
        #expect(error?.isRetrySafe == false)
    }

    @Test("what is no reply is a fault of the server's")
    func garbage() async throws {
        try await ScriptedServer.run { channel, _, _ in
            channel.say("HTTP/1.1 400 Bad Request\r\n\r\n")
        } _: { client in
            guard case .protocolViolated = await error(of: client) else {
                Issue.record("garbage was taken")
                return
            }
        }
    }

    @Test("a failure without an id is about the connection, and tells why it ends")
    func failureWithoutID() async throws {
        try await ScriptedServer.run { channel, _, _ in
            channel.say(
                "Failure\r\nmsg: There are already 1 control connections\r\ncode: 403 too_many_connections\r\n\r\n")
            channel.close(promise: nil)
        } _: { client in
            #expect(await error(of: client) == .connectionLost("There are already 1 control connections"))
        }
    }

    @Test("a server that is not there can't be connected to, and a retry is safe")
    func nobodyThere() async throws {
        let server = try await ScriptedServer.start { _, _, _ in }
        try await server.stop()
        do throws(OrbitedClientError) {
            _ = try await OrbitedClient.connect(host: "127.0.0.1", port: server.port)
            Issue.record("it is there")
        } catch {
            #expect(error.isRetrySafe)
            #expect("\(error)" == "can't connect to 127.0.0.1:\(server.port): connection refused; is Orbited running?")
        }
    }

    @Test("events that wait when the client closes fail")
    func closing() async throws {
        let (sent, tell) = AsyncStream<Void>.makeStream()
        try await ScriptedServer.run { _, _, _ in
            tell.yield()
        } _: { client in
            async let lost = error(of: client)
            for await _ in sent { break }
            await client.close()
            expectLost(await lost)
        }
    }
}
