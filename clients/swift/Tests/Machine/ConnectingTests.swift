import Testing

@testable import OrbitedClient

@Suite("How the courier's connections begin and end")
struct ConnectingTests {
    @Test("nothing is done before something is wanted")
    func idle() {
        let harness = Harness()
        #expect(harness.actions.isEmpty)
        #expect(harness.courier.deadline == .never)
    }

    @Test("a connection begins with a Ping, and nothing else is sent before its answer")
    func greeting() throws {
        let harness = Harness()
        let event = try harness.event()
        #expect(harness.actions == [.open])
        #expect(harness.sent().isEmpty)
        harness.courier.opened(harness.now)
        #expect(harness.sent() == [["Orbit 1.1", "Ping", "id: 1", "", ""]])
        #expect(harness.sent().isEmpty)
        harness.say("Success", "id: 1")
        #expect(harness.sent() == [["Orbit 1.1", "Event", "id: 2", "recipient: u, 0, /x", "length: 1", "", "1"]])
        harness.say("Success", "id: 2", "reached: 1")
        #expect(event.receipt == Receipt(id: "2", reached: 1))
        #expect(event.receipt?.ok == true)
    }

    @Test("with a secret it begins with an Auth")
    func secret() throws {
        let harness = Harness { $0.secret = "sesame".bodyBytes }
        _ = try harness.event()
        harness.courier.opened(harness.now)
        #expect(harness.sent() == [["Orbit 1.1", "Auth", "id: 1", "length: 6", "", "sesame"]])
        harness.say("Success", "id: 1")
        #expect(harness.sent().count == 1)
    }

    @Test("a secret that is another one ends all that waits, and is not tried again by itself")
    func wrongSecret() async throws {
        let harness = Harness { $0.secret = "sesame".bodyBytes }
        let fates = [try harness.event(), harness.connect()]
        let watch = try harness.watch()
        harness.greet("Failure", "msg: The secret is not the server's", "code: 502 auth_failed")
        for fate in fates {
            let error = try #require(fate.error)
            #expect(error.kind == .refused && error.code == 502 && error.codeName == "auth_failed")
            #expect(!error.retriable && !error.maybeDelivered)
        }
        await #expect { try await watch.next() } throws: { ($0 as? OrbitedError)?.code == 502 }
        #expect(harness.actions == [.open, .close])
        #expect(harness.courier.deadline == .never)
    }

    @Test("without a secret where one is needed each call is told so, until an Auth")
    func noSecret() throws {
        let harness = Harness()
        _ = try harness.event()
        harness.greet("Failure", "msg: The connection has not been let in by an Auth", "code: 501 auth_required")
        #expect(harness.courier.isConnected)
    }

    @Test("a secret that is given while a Ping is not answered is shown by its Auth, whatever the Ping is told")
    func secretMeanwhile() throws {
        let harness = Harness()
        _ = harness.connect()
        harness.courier.opened(harness.now)
        _ = harness.sent()
        harness.courier.greeting = try .auth("sesame".bodyBytes)
        let auth = harness.call(harness.courier.greeting)
        harness.say("Failure", "id: 1", "msg: The connection has not been let in by an Auth", "code: 501 auth_required")
        #expect(harness.sent().map { $0[1] } == ["Auth"])
        harness.say("Success", "id: 2")
        #expect(auth.isDone)
    }

    @Test("a server of Orbit 1.0 gets its events in Orbit 1.0, and what needs more fails clearly")
    func orbit10() async throws {
        let harness = Harness()
        let plain = try harness.event("u, 0, /x", "v, 0, /x")
        let asking = [
            try harness.event("*, 0, /x"), try harness.event(ttl: 1), try harness.event(ack: .browser),
            harness.call(.ping), try harness.list(), try harness.close(),
        ]
        let watch = try harness.watch()
        harness.greet("Failure", "msg: The action is not Event", "code: 102 bad_action")
        let frames = harness.sent()
        #expect(frames.count == 1 && frames[0].starts(with: ["Orbit 1.0", "Event"]))
        for fate in asking {
            let error = try #require(fate.error)
            #expect(error.kind == .unsupportedVersion && error.code == 102 && !error.maybeDelivered)
            #expect(error.message.contains("Orbit 1.0 only"))
        }
        await #expect { try await watch.next() } throws: { ($0 as? OrbitedError)?.kind == .unsupportedVersion }
        harness.say("Failure", "id: 2", "msg: Failed to reach one or more recipients", "recipient: (v, 0, /x)")
        #expect(plain.receipt?.reached == 1)
        #expect(plain.receipt?.unreached == [Unreached(key: try ConnectionKey("v, 0, /x"))])
    }

    @Test("pauses grow with full jitter up to 30 seconds, and begin anew after a connection that lasted")
    func pauses() throws {
        let harness = Harness(random: { 1 })
        _ = try harness.event(timeout: .never)
        var pauses: [Duration] = []
        for _ in 0..<7 {
            #expect(harness.actions == [.open])
            harness.lose("refused")
            pauses.append(harness.courier.deadline - harness.now)
            harness.pass(harness.courier.deadline - harness.now)
        }
        #expect(pauses == [1, 2, 4, 8, 16, 30, 30].map { .seconds($0) })
        harness.greet()
        _ = harness.sent()
        _ = try harness.watch()
        harness.pass(.milliseconds(4_999))
        harness.lose()
        #expect(harness.courier.deadline - harness.now == .seconds(30))
        harness.pass(.seconds(30))
        harness.greet()
        harness.pass(.seconds(5))
        harness.lose()
        #expect(harness.courier.deadline - harness.now == .seconds(1))
    }

    @Test("a connection that lasted has done so also if the server said good-bye at its end")
    func pauseAfterGoodbye() throws {
        let harness = Harness(random: { 1 })
        _ = try harness.watch()
        for _ in 0..<3 {
            harness.lose("refused")
            harness.pass(harness.courier.deadline - harness.now)
        }
        harness.greet()
        harness.pass(.seconds(5))
        harness.say("Failure", "msg: The server is shutting down", "code: 402 shutting_down")
        harness.lose()
        #expect(harness.courier.deadline - harness.now == .seconds(1))
    }

    @Test("after a lost connection nobody connects unless something is wanted")
    func unwanted() throws {
        let harness = Harness.ready()
        harness.lose()
        #expect(harness.actions.isEmpty && harness.courier.deadline == .never)
        _ = try harness.event()
        #expect(harness.actions == [.open])
    }

    @Test("connect makes one attempt, also while others are waited with")
    func connect() throws {
        let harness = Harness()
        let event = try harness.event()
        let first = harness.connect()
        harness.lose("refused")
        let error = try #require(first.error)
        #expect(error.kind == .connectFailed && error.isRetrySafe)
        #expect(error.message == "can't connect to server:9000: refused")
        #expect(event.isOpen)
        let second = harness.connect()
        #expect(harness.actions == [.open, .open])
        harness.greet()
        #expect(second.isDone)
    }

    @Test("connecting and greeting have a time, and a late connection is closed")
    func slow() {
        let harness = Harness()
        let connect = harness.connect()
        harness.pass(.seconds(10))
        #expect(connect.error?.kind == .connectFailed)
        #expect(harness.actions == [.open, .close])
        let other = harness.connect()
        harness.courier.opened(harness.now)
        harness.pass(.seconds(10))
        #expect(other.error?.kind == .connectFailed)
        #expect(harness.actions == [.open, .close])
    }

    @Test("a server that says good-bye is sent nothing more, and what it refused is sent to the next")
    func goodbye() throws {
        let harness = Harness.ready()
        let taken = try harness.event("a, 0, /", retry: true)
        let refused = try harness.event("b, 0, /", retry: true)
        let given = try harness.event("c, 0, /")
        _ = harness.sent()
        for id in 3...4 {
            harness.say("Failure", "id: \(id)", "msg: The server is shutting down", "code: 402 shutting_down")
        }
        #expect(given.error?.code == 402 && given.error?.isRetrySafe == true)
        _ = try harness.event("d, 0, /")
        #expect(harness.sent().isEmpty)
        harness.say("Success", "id: 2", "reached: 1")
        #expect(taken.receipt?.reached == 1)
        harness.lose("the server closed it")
        harness.pass(.seconds(1))
        harness.greet()
        #expect(harness.sent().map { $0[3] } == ["recipient: b, 0, /", "recipient: d, 0, /"])
        harness.say("Success", "id: 6", "reached: 1")
        #expect(refused.receipt?.reached == 1)
    }

    @Test("a good-bye without id stops the sending too, and a server that does not close then is left")
    func goodbyeWithoutID() throws {
        let harness = Harness.ready()
        let event = try harness.event()
        _ = harness.sent()
        harness.say("Failure", "msg: The frame was not finished within 30 seconds", "code: 401 frame_timeout")
        #expect(!harness.courier.isConnected)
        harness.pass(.seconds(10))
        #expect(event.error?.kind == .connectionLost)
        #expect(harness.actions == [.close])
    }

    @Test("a server with too many connections is tried again later")
    func tooMany() throws {
        let harness = Harness()
        let event = try harness.event()
        harness.courier.opened(harness.now)
        harness.say("Failure", "msg: There are already 1000 control connections", "code: 403 too_many_connections")
        #expect(harness.actions == [.open, .close])
        harness.pass(.milliseconds(500))
        #expect(harness.actions == [.open])
        #expect(event.isOpen)
    }

    @Test("disconnect carries out what there is, takes nothing new, and leaves the client of use")
    func disconnect() async throws {
        let harness = Harness.ready()
        let sent = [try harness.event(), try harness.event()]
        _ = harness.sent()
        let unsent = try harness.event()
        let watch = try harness.watch()
        let gone = harness.disconnect()
        #expect(try harness.event().error?.kind == .disconnected)
        #expect(harness.connect().error?.kind == .disconnected)
        harness.say("Success", "id: 2", "reached: 1")
        harness.say("Success", "id: 3", "reached: 1")
        #expect(gone.isOpen)
        #expect(harness.sentIDs() == ["4"])
        harness.say("Success", "id: 4", "reached: 1")
        #expect((sent + [unsent]).map(\.receipt?.reached) == [1, 1, 1])
        #expect(gone.isDone)
        #expect(harness.actions == [.close])
        #expect(harness.courier.deadline == .never)
        _ = try harness.event()
        #expect(harness.actions == [.open])
        #expect(try await watch.next() == nil)
    }

    @Test("disconnect ends what is left when its time is over")
    func disconnectInTime() throws {
        let harness = Harness.ready()
        let sent = try harness.event()
        _ = harness.sent()
        let unsent = try harness.event()
        let gone = harness.disconnect(timeout: .seconds(1))
        harness.pass(.seconds(1))
        #expect(gone.isDone)
        #expect(sent.error?.kind == .disconnected && sent.error?.maybeDelivered == true)
        #expect(unsent.error?.kind == .disconnected && unsent.error?.maybeDelivered == false)
        #expect(harness.actions == [.close])
    }

    @Test("disconnect without a connection does not wait for one that can't be made")
    func disconnectUnconnected() throws {
        let harness = Harness()
        #expect(harness.disconnect().isDone)
        let event = try harness.event()
        let gone = harness.disconnect()
        #expect(gone.isOpen)
        harness.lose("refused")
        #expect(event.error?.kind == .disconnected)
        #expect(gone.isDone)
        _ = try harness.event()
        harness.lose("refused")
        #expect(harness.disconnect().isDone)
        #expect(harness.courier.deadline == .never)
    }
}
