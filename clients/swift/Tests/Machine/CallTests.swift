import Testing

@testable import OrbitedClient

@Suite("What becomes of calls")
struct CallTests {
    @Test("the ids of two clients differ, so that those who watch can tell them apart")
    func prefixes() {
        #expect(ClientOptions().idPrefix != ClientOptions().idPrefix)
        #expect(ClientOptions().idPrefix.utf8.count == 11)
    }

    @Test("replies are matched by id, in any order")
    func order() throws {
        let harness = Harness.ready()
        let (one, two) = (try harness.event(), try harness.event())
        #expect(harness.sentIDs() == ["2", "3"])
        harness.say("Success", "id: 3", "reached: 1")
        #expect(one.isOpen && two.receipt?.id == "3")
        harness.say("Success", "id: 2", "reached: 0")
        #expect(one.receipt?.reached == 0)
    }

    @Test("ids begin with the client's prefix, and only those are known again")
    func prefix() throws {
        let harness = Harness.ready { $0.idPrefix = "web1/" }
        let event = try harness.event()
        #expect(harness.sentIDs() == ["web1/2"])
        harness.say("Success", "id: web1/2", "reached: 1")
        #expect(event.receipt?.id == "web1/2")
        let other = try harness.event()
        _ = harness.sent()
        harness.say("Success", "id: 3", "reached: 1")
        #expect(other.error?.kind == .protocolViolated)
    }

    @Test("no more frames are in flight than the limit, and the others stay in order")
    func inFlight() throws {
        let harness = Harness.ready { $0.limits.inFlight = 2 }
        let events = try (1...4).map { _ in try harness.event() }
        #expect(harness.sentIDs() == ["2", "3"])
        harness.say("Success", "id: 3", "reached: 1")
        #expect(harness.sentIDs() == ["4"])
        harness.lose()
        #expect(events.map(\.error?.maybeDelivered) == [true, nil, true, nil])
        harness.pass(.seconds(1))
        harness.greet()
        #expect(harness.sentIDs() == ["6"])
    }

    @Test("a lost connection leaves open the fate of what was sent, and only of that")
    func lost() throws {
        let harness = Harness.ready()
        let sent = [(try harness.event(), true), (harness.call(.ping), false), (try harness.close(), true)]
        _ = harness.sent()
        let unsent = try harness.event()
        harness.lose()
        for (fate, maybe) in sent {
            let error = try #require(fate.error)
            #expect(error.kind == .connectionLost && error.retriable)
            #expect(error.maybeDelivered == maybe && error.isRetrySafe == !maybe)
        }
        #expect(unsent.isOpen)
        harness.pass(.milliseconds(500))
        #expect(harness.actions == [.open])
        harness.greet()
        #expect(harness.sent().count == 1)
    }

    @Test("with retry an event is sent again, before those that were not sent, and says what it can't know")
    func retry() throws {
        let harness = Harness.ready()
        let again = [try harness.event("a, 0, /", retry: true), try harness.event("b, 0, /", retry: true)]
        _ = harness.sent()
        _ = try harness.event("c, 0, /")
        let list = try harness.list()
        harness.lose()
        harness.pass(.milliseconds(500))
        harness.greet()
        #expect(
            harness.sent().map { $0[3] } == [
                "recipient: a, 0, /", "recipient: b, 0, /", "recipient: c, 0, /", "recipient: *, *, *",
            ])
        harness.say("Failure", "id: 5", "msg: The body is longer than 3 bytes", "code: 204 body_too_large")
        #expect(again[0].error?.code == 204 && again[0].error?.maybeDelivered == true)
        harness.say("Success", "id: 8", "keys: 0", "length: 0")
        guard case .success(.listing(let listing))? = list.result else {
            Issue.record("\(String(describing: list.result)) is no listing")
            return
        }
        #expect(listing == Listing(keys: []))
    }

    @Test(
        "the queue is bounded while there is no connection, as the policy says",
        arguments: ClientOptions.WhenFull.allCases)
    func queue(whenFull: ClientOptions.WhenFull) throws {
        let harness = Harness {
            $0.queue = 2
            $0.whenFull = whenFull
        }
        let events = try (1...3).map { _ in try harness.event() }
        let kinds = events.map(\.error?.kind)
        switch whenFull {
        case .wait: #expect(kinds == [nil, nil, nil])
        case .fail: #expect(kinds == [nil, nil, .queueFull])
        case .dropOldest: #expect(kinds == [.dropped, nil, nil])
        }
        #expect(events.allSatisfy { $0.error?.isRetrySafe ?? true })
        harness.greet()
        #expect(harness.sent().count == (whenFull == .wait ? 3 : 2))
    }

    @Test("the queue is bounded also behind what may be in flight", arguments: ClientOptions.WhenFull.allCases)
    func queueBehindFlight(whenFull: ClientOptions.WhenFull) throws {
        let harness = Harness.ready {
            ($0.queue, $0.limits.inFlight) = (2, 1)
            $0.whenFull = whenFull
        }
        let sent = try harness.event()
        #expect(harness.sentIDs() == ["2"])
        let kinds = try (1...3).map { _ in try harness.event() }.map(\.error?.kind)
        switch whenFull {
        case .wait: #expect(kinds == [nil, nil, nil])
        case .fail: #expect(kinds == [nil, nil, .queueFull])
        case .dropOldest: #expect(kinds == [.dropped, nil, nil])
        }
        #expect(sent.isOpen)
    }

    @Test("no more bytes are in flight than the limit, but for one call that is larger")
    func inFlightBytes() throws {
        let harness = Harness.ready { $0.limits.inFlightBytes = 50 }
        for _ in 1...2 { _ = try harness.event() }
        #expect(harness.sentIDs() == ["2"])
        harness.say("Success", "id: 2", "reached: 1")
        #expect(harness.sentIDs() == ["3"])
    }

    @Test("a queue without room lets nothing wait, and what can be sent at once is not bounded by it")
    func noQueue() throws {
        for whenFull in [ClientOptions.WhenFull.fail, .dropOldest] {
            let harness = Harness {
                $0.queue = 0
                $0.whenFull = whenFull
            }
            #expect(try harness.event().error?.kind == .queueFull)
            _ = harness.connect()
            harness.greet()
            #expect(try harness.event().isOpen)
        }
    }

    @Test("calls that ended while they waited leave the queue, and the others keep their order")
    func endedInQueue() throws {
        let harness = Harness { $0.queue = 100 }
        let events = try (0..<1_000).map { try harness.event("u\($0), 0, /") }
        for (index, fate) in events.enumerated() where index % 100 != 0 { fate.wait.map(harness.courier.cancel) }
        #expect(events.count { $0.error?.kind == .cancelled && $0.error?.isRetrySafe == true } == 990)
        harness.greet()
        #expect(harness.sent().map { $0[3] } == (0..<10).map { "recipient: u\($0 * 100), 0, /" })
    }

    @Test("a call that is cancelled says whether it was sent, and its late reply hurts nobody")
    func cancelled() throws {
        let harness = Harness.ready()
        let event = try harness.event()
        _ = harness.sent()
        event.wait.map(harness.courier.cancel)
        #expect(event.error?.kind == .cancelled && event.error?.maybeDelivered == true)
        harness.say("Success", "id: 2", "reached: 1")
        #expect(event.count == 1 && harness.courier.isConnected)
    }

    @Test("a peer that speaks no Orbit ends at once what it was sent, and before that everything")
    func violation() throws {
        let harness = Harness()
        let event = try harness.event()
        harness.courier.opened(harness.now)
        harness.say("HTTP/1.1 400 Bad Request")
        #expect(event.error?.kind == .protocolViolated)
        #expect(event.error?.retriable == false && event.error?.maybeDelivered == false)
        #expect(harness.actions == [.open, .close])

        let later = Harness.ready()
        let answered = try later.event()
        let sent = try later.event(retry: true)
        _ = later.sent()
        let unsent = try later.event()
        later.say("Success", "id: 2", "reached: 1", "", "Success", "id: 99")
        #expect(answered.receipt?.reached == 1)
        #expect(sent.error?.kind == .protocolViolated && sent.error?.maybeDelivered == true)
        #expect(unsent.isOpen)
    }

    static let msg = "msg: Failed to reach one or more recipients"

    @Test(
        "a reply that can't be meant for its call is no Orbit",
        arguments: [
            ["Success", "id: 2"],
            ["Success", "id: 2", "reached: 1", "unreached: 301 unreachable (u, 0, /x)"],
            ["Failure", "id: 2", msg, "reached: 1", "unreached: 301 unreachable (v, 0, /x)"],
            ["Failure", "id: 2", msg, "unreached: 301 unreachable (u, 0, /x)"],
            ["Success", "reached: 1"],
            ["Success", "id: 02", "reached: 1"],
            ["Signon", "watch: 2", "epoch: e", "sequence: 1", "key: (a, 0, /)"],
        ])
    func unmeant(lines: [String]) throws {
        let harness = Harness.ready()
        let event = try harness.event("u, 0, /x", "*, 0, /y")
        _ = harness.sent()
        harness.say(lines)
        #expect(event.error?.kind == .protocolViolated)
    }

    @Test("a server of Orbit 1.0 may name keys whose bytes alone tell them apart")
    func composed() throws {
        let harness = Harness()
        let keys = ["\u{E9}, 0, /x", "e\u{301}, 0, /x"]
        let event = try harness.event(keys[0], keys[1])
        harness.greet("Failure", "msg: The action is not Event", "code: 102 bad_action")
        _ = harness.sent()
        harness.say(["Failure", "id: 2", Self.msg] + (keys + keys).map { "recipient: (\($0))" })
        let missed = try keys.map { try ConnectionKey($0) }
        #expect(event.receipt?.unreached.map(\.key) == missed)
        #expect(event.receipt?.reached == 0)
    }

    @Test("a receipt has the fate of each recipient that was not reached, also of those that a pattern stands for")
    func fates() throws {
        let harness = Harness.ready()
        let event = try harness.event("u, 0, /x", "*, 0, /y")
        _ = harness.sent()
        harness.say(
            "Failure", "id: 2", Self.msg, "reached: 1", "unreached: 302 expired (u, 0, /x)",
            "unreached: 305 unconfirmed (v, 0, /y)")
        let receipt = try #require(event.receipt)
        #expect(receipt.reached == 1 && !receipt.ok)
        #expect(receipt.unreached.map(\.description) == ["u, 0, /x (302 expired)", "v, 0, /y (305 unconfirmed)"])
    }
}
