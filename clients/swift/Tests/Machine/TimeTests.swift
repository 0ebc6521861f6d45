import Testing

@testable import OrbitedClient

@Suite("What takes too long")
struct TimeTests {
    @Test("a call whose time is over says whether it was sent, and its late reply hurts nobody")
    func timedOut() throws {
        let harness = Harness.ready()
        let sent = try harness.event("a, 0, /", timeout: .milliseconds(100))
        let other = try harness.event("b, 0, /", timeout: .milliseconds(500))
        _ = harness.sent()
        let unsent = try harness.event("c, 0, /", timeout: .milliseconds(100))
        harness.pass(.milliseconds(100))
        #expect(sent.error?.kind == .timedOut && sent.error?.maybeDelivered == true)
        #expect(unsent.error?.kind == .timedOut && unsent.error?.maybeDelivered == false)
        #expect(sent.error?.retriable == true)
        #expect(harness.sent().isEmpty)
        harness.say("Success", "id: 2", "reached: 1")
        harness.say("Success", "id: 3", "reached: 1")
        #expect(other.receipt?.reached == 1)
    }

    @Test("a call that waits for a connection says why there was none")
    func noConnection() throws {
        let harness = Harness()
        let event = try harness.event(timeout: .milliseconds(100))
        harness.lose("refused")
        harness.pass(.milliseconds(100))
        let error = try #require(event.error)
        #expect(error.message.contains("refused") && error.isRetrySafe)
        #expect((error.cause as? OrbitedError)?.kind == .connectFailed)
    }

    @Test("deadlines are kept in whatever order calls end")
    func anyOrder() throws {
        let harness = Harness { $0.connectTimeout = .never }
        let fates = try (0..<200).map { try harness.event(timeout: .milliseconds(1 + $0 * 37 % 200)) }
        for index in [3, 50, 199, 0, 120] { fates[index].wait.map(harness.courier.cancel) }
        for _ in 1...200 {
            harness.pass(.milliseconds(1))
            for fate in fates where fate.error?.kind != .cancelled {
                let wait = try #require(fate.wait)
                #expect((fate.error?.kind == .timedOut) == (wait.deadline <= harness.now))
            }
        }
        #expect(fates.allSatisfy { $0.count == 1 })
    }

    @Test("a silent server is asked for a sign of life, and left without one")
    func heartbeat() throws {
        let harness = Harness.ready()
        let event = try harness.event(timeout: .never)
        _ = harness.sent()
        harness.pass(.milliseconds(29_999))
        #expect(harness.sent().isEmpty)
        harness.pass(.milliseconds(1))
        #expect(harness.sent().map { $0[1] } == ["Ping"])
        harness.say("Success", "id: 3")
        harness.pass(.seconds(30))
        #expect(harness.sent().map { $0[1] } == ["Ping"])
        harness.pass(.seconds(10))
        #expect(event.error?.kind == .connectionLost)
        #expect(harness.actions == [.close])
    }

    @Test("a dead server is found out also by calls that do not wait long for it")
    func impatientCalls() throws {
        let harness = Harness.ready()
        var actions: [Line.Action] = []
        for _ in 0..<10 where actions.isEmpty {
            _ = try harness.event(timeout: .seconds(5))
            _ = harness.sent()
            harness.pass(.seconds(6))
            actions = harness.actions
        }
        #expect(actions == [.close])
    }

    @Test("a connection that nobody waits for is left in peace")
    func peace() throws {
        let harness = Harness.ready()
        #expect(harness.courier.deadline == .never)
        harness.now += .seconds(1_000)
        _ = try harness.event()
        _ = harness.sent()
        harness.pass(.milliseconds(29_999))
        #expect(harness.sent().isEmpty)
    }

    @Test("a server that answers none of as many frames as may be in flight is left")
    func answersNothing() throws {
        let harness = Harness.ready { $0.limits.inFlight = 2 }
        for _ in 0..<3 { _ = try harness.event(timeout: .milliseconds(100)) }
        let waiting = try harness.event(timeout: .seconds(10))
        _ = harness.sent()
        harness.pass(.milliseconds(100))
        #expect(harness.actions == [.close])
        #expect(waiting.isOpen)
        harness.pass(.seconds(1))
        harness.greet()
        #expect(harness.sent().count == 1)
    }

    @Test("a server that answers none of as many bytes as may be in flight is left")
    func answersNoBytes() throws {
        let harness = Harness.ready { $0.limits.inFlightBytes = 50 }
        _ = try harness.event(timeout: .milliseconds(100))
        let waiting = try harness.event(timeout: .seconds(10))
        _ = harness.sent()
        harness.pass(.milliseconds(100))
        #expect(harness.actions == [.close])
        #expect(waiting.isOpen)
    }

    @Test("a server that reads no more is asked for a sign of life also with all in flight that may be")
    func heartbeatInFullFlight() throws {
        let harness = Harness.ready { $0.limits.inFlight = 1 }
        let event = try harness.event(timeout: .never)
        _ = harness.sent()
        harness.pass(.seconds(30))
        #expect(harness.sent().map { $0[1] } == ["Ping"])
        harness.pass(.seconds(10))
        #expect(event.error?.kind == .connectionLost)
    }

    @Test("calls that are over and answered late do not count for ever")
    func answeredLate() throws {
        let harness = Harness.ready { $0.limits.inFlight = 2 }
        for id in 2..<8 {
            _ = try harness.event(timeout: .milliseconds(100))
            #expect(harness.sentIDs() == ["\(id)"])
            harness.pass(.milliseconds(100))
            harness.say("Success", "id: \(id)", "reached: 1")
        }
        harness.pass(.seconds(100))
        #expect(harness.actions.isEmpty)
    }
}
