import OrbitedWire
import Testing

@testable import OrbitedClient

@Suite("Watches over all connections")
struct WatchingTests {
    let harness = Harness()

    /// A watch whose frame has the id 2, and that frame.
    private func watch(
        state: Bool = false, since place: NoticePlace? = nil, notices: Int = 10_000, reply: String...
    ) throws -> (reader: NoticeBuffer, frame: [String]) {
        let reader = try harness.watch(state: state, since: place, notices: notices)
        harness.greet()
        let frame = harness.sent().first ?? []
        if !reply.isEmpty { harness.say(["Success", "id: 2"] + reply) }
        return (reader, frame)
    }

    private func tell(_ word: String, _ watch: Int, _ sequence: Int, _ user: String = "u", epoch: String = "e") {
        harness.say(
            word, "watch: \(watch)", "epoch: \(epoch)", "sequence: \(sequence)", "key: (\(user), 0, /chat)")
    }

    private func read(_ reader: NoticeBuffer, _ count: Int) async throws -> [String] {
        var found: [String] = []
        for _ in 0..<count {
            switch try await reader.next() {
            case .present(let key, let place)?: found.append("present \(key.user) \(place.sequence)")
            case .signon(let key, let place)?: found.append("signon \(key.user) \(place.sequence)")
            case .signoff(let key, _, let place)?: found.append("signoff \(key.user) \(place.sequence)")
            case .gap?: found.append("gap")
            case nil: found.append("end")
            }
        }
        return found
    }

    /// Loses the connection, and lets the next one be greeted: gives the frames that are sent then.
    private func reconnect() -> [[String]] {
        harness.lose()
        harness.pass(.seconds(30))
        harness.greet()
        return harness.sent()
    }

    @Test("a watch begins with its frame, and is told the notices in their order")
    func notices() async throws {
        let (reader, frame) = try watch(state: true, reply: "epoch: e", "sequence: 4", "present: 1")
        #expect(frame == ["Orbit 1.1", "Watch", "id: 2", "recipient: *, *, /chat", "state: yes", "", ""])
        let start = WatchStart(place: NoticePlace(epoch: "e", sequence: 4), present: 1, isResumed: false)
        #expect(try await reader.ready() == start)
        tell("Present", 2, 4, "a")
        tell("Signon", 2, 5, "b")
        #expect(try await read(reader, 2) == ["present a 4", "signon b 5"])
    }

    @Test("after a lost connection it goes on after the last notice that came, read or not")
    func resumes() async throws {
        let (reader, _) = try watch(reply: "epoch: e", "sequence: 4")
        tell("Signon", 2, 5)
        tell("Signon", 2, 8)
        let frame = reconnect()[0]
        #expect(frame.dropFirst(3) == ["recipient: *, *, /chat", "epoch: e", "sequence: 8", "", ""])
        harness.say("Success", "id: 4", "epoch: e", "sequence: 8", "resumed: yes")
        tell("Signon", 4, 9)
        #expect(try await read(reader, 3) == ["signon u 5", "signon u 8", "signon u 9"])
    }

    @Test("a watch that has had no notice goes on where it began")
    func resumesFromStart() throws {
        _ = try watch(reply: "epoch: e", "sequence: 4")
        #expect(reconnect()[0].dropFirst(4) == ["epoch: e", "sequence: 4", "", ""])
    }

    @Test("a watch that the server had not answered is asked for as if it were new")
    func unanswered() throws {
        _ = try watch()
        #expect(reconnect()[0].dropFirst(3) == ["recipient: *, *, /chat", "", ""])
    }

    @Test("if it can't go on, a gap is told before all else, and then the state")
    func gap() async throws {
        let (reader, _) = try watch(state: true, reply: "epoch: e", "sequence: 4", "present: 0")
        tell("Signon", 2, 5)
        _ = reconnect()
        harness.say("Success", "id: 4", "epoch: f", "sequence: 1", "present: 1", "resumed: no")
        tell("Present", 4, 1, "a", epoch: "f")
        #expect(try await read(reader, 3) == ["signon u 5", "gap", "present a 1"])
        #expect(reconnect()[0].dropFirst(5) == ["epoch: f", "sequence: 1", "", ""])
    }

    @Test("a state of which only a part came is asked for anew, and a gap tells so")
    func partOfState() async throws {
        let (reader, _) = try watch(state: true, reply: "epoch: e", "sequence: 4", "present: 2")
        tell("Present", 2, 4, "a")
        #expect(reconnect()[0].dropFirst(3) == ["recipient: *, *, /chat", "state: yes", "", ""])
        harness.say("Success", "id: 4", "epoch: e", "sequence: 6", "present: 1")
        tell("Present", 4, 6, "b")
        #expect(try await read(reader, 3) == ["present a 4", "gap", "present b 6"])
    }

    @Test("a watch may go on where another one was, and its place is that of the last notice read")
    func since() async throws {
        let place = NoticePlace(epoch: "e", sequence: 7)
        let (reader, frame) = try watch(since: place)
        #expect(frame.dropFirst(4) == ["epoch: e", "sequence: 7", "", ""])
        #expect(reader.place == place)
        harness.say("Success", "id: 2", "epoch: e", "sequence: 7", "resumed: yes")
        #expect(reader.place == place)
        tell("Signon", 2, 8)
        tell("Signon", 2, 9)
        _ = try await reader.next()
        #expect(reader.place == NoticePlace(epoch: "e", sequence: 8))
    }

    @Test("there is no place to go on from while a state is not read to its end")
    func noPlace() async throws {
        let (reader, _) = try watch(state: true, reply: "epoch: e", "sequence: 4", "present: 2")
        tell("Present", 2, 4, "a")
        tell("Present", 2, 4, "b")
        _ = try await reader.next()
        #expect(reader.place == nil)
        _ = try await reader.next()
        #expect(reader.place == NoticePlace(epoch: "e", sequence: 4))
    }

    @Test("before a gap is read one can go on where one was, and amid the state behind it nowhere")
    func placeBeforeGap() async throws {
        let (reader, _) = try watch(state: true, reply: "epoch: e", "sequence: 4", "present: 0")
        tell("Signon", 2, 5)
        _ = reconnect()
        harness.say("Success", "id: 4", "epoch: f", "sequence: 1", "present: 1", "resumed: no")
        tell("Present", 4, 1, "a", epoch: "f")
        let places = [
            NoticePlace(epoch: "e", sequence: 4), NoticePlace(epoch: "e", sequence: 5), nil,
            NoticePlace(epoch: "f", sequence: 1),
        ]
        #expect(reader.place == places[0])
        for place in places.dropFirst() {
            _ = try await reader.next()
            #expect(reader.place == place)
        }
    }

    @Test("a watch that can't go on where another one was leaves its place there until the gap is read")
    func placeBeforeFirstGap() async throws {
        let place = NoticePlace(epoch: "d", sequence: 7)
        let (reader, _) = try watch(since: place, reply: "epoch: e", "sequence: 4", "resumed: no")
        #expect(reader.place == place)
        #expect(try await read(reader, 1) == ["gap"])
        #expect(reader.place == NoticePlace(epoch: "e", sequence: 4))
    }

    @Test("a server that names an epoch which it would not take is no Orbit", arguments: ["a b", "", "é"])
    func badEpoch(epoch: String) async throws {
        let (reader, _) = try watch(reply: "epoch: \(epoch)", "sequence: 4")
        #expect(harness.actions.last == .close)
        #expect(reconnect()[0].dropFirst(3) == ["recipient: *, *, /chat", "", ""])
        reader.discard()
    }

    @Test("disconnect ends watches on the server, too, while calls keep the connection")
    func disconnect() throws {
        _ = try watch(reply: "epoch: e", "sequence: 4")
        let event = try harness.event()
        _ = harness.sent()
        let gone = harness.disconnect()
        #expect(harness.sent() == [["Orbit 1.1", "Unwatch", "id: 4", "watch: 2", "", ""]])
        tell("Signon", 2, 5)
        harness.say("Success", "id: 3", "reached: 1")
        harness.say("Success", "id: 4")
        #expect(event.receipt?.ok == true)
        #expect(gone.isDone)
    }

    @Test("a watch that the server refuses is forgotten")
    func forgotten() throws {
        _ = try watch()
        harness.say("Failure", "id: 2", "msg: There are already 100 watches", "code: 206 too_many_watches")
        #expect(harness.courier.exchange?.watch(numbered: 2) == nil)
    }

    @Test("the notices that wait are bounded in bytes, too")
    func byteOverflow() async throws {
        let reader = try harness.watch(bytes: 25)
        harness.greet()
        _ = harness.sent()
        harness.say("Success", "id: 2", "epoch: e", "sequence: 4")
        for sequence in 5..<8 { tell("Signon", 2, sequence) }
        #expect(harness.sent()[0][1] == "Unwatch")
        #expect(try await read(reader, 2) == ["signon u 5", "signon u 6"])
        await #expect { try await reader.next() } throws: { ($0 as? OrbitedError)?.kind == .noticesOverflow }
    }

    @Test("unwatch tells the server, and what comes before its reply is told nobody")
    func unwatch() async throws {
        let (reader, _) = try watch(reply: "epoch: e", "sequence: 4")
        let done = Fate()
        reader.discard()
        harness.courier.unwatch(reader, onEnd: done.end)
        #expect(harness.sent() == [["Orbit 1.1", "Unwatch", "id: 3", "watch: 2", "", ""]])
        tell("Signon", 2, 5)
        #expect(done.isOpen)
        harness.say("Success", "id: 3")
        #expect(done.isDone)
        #expect(try await reader.next() == nil)
        harness.lose()
        #expect(harness.courier.deadline == .never)
    }

    @Test("unwatch is done if the connection is gone, or the watch was never sent")
    func unwatchUnconnected() throws {
        let (reader, _) = try watch(reply: "epoch: e", "sequence: 4")
        let (one, two) = (Fate(), Fate())
        harness.courier.unwatch(reader, onEnd: one.end)
        harness.lose()
        #expect(one.isDone)
        harness.courier.unwatch(try harness.watch(), onEnd: two.end)
        #expect(two.isDone)
    }

    @Test("a watch that the server refuses ends with its reason")
    func refused() async throws {
        let (reader, _) = try watch()
        harness.say("Failure", "id: 2", "msg: There are already 100 watches", "code: 206 too_many_watches")
        await #expect { try await reader.next() } throws: { ($0 as? OrbitedError)?.code == 206 }
        await #expect { try await reader.ready() } throws: { ($0 as? OrbitedError)?.code == 206 }
        #expect(try await reader.next() == nil)
    }

    @Test("a watch that the server ends is read to its end first")
    func endedByServer() async throws {
        let (reader, _) = try watch(reply: "epoch: e", "sequence: 4")
        tell("Signon", 2, 5)
        harness.say("Failure", "id: 2", "msg: More than 10000 notices wait", "code: 404 watch_overflow")
        #expect(try await read(reader, 1) == ["signon u 5"])
        await #expect { try await reader.next() } throws: {
            let error = $0 as? OrbitedError
            return error?.code == 404 && error?.retriable == true
        }
    }

    @Test("a reader that is too slow loses its watch, and is told so after what it has")
    func overflow() async throws {
        let (reader, _) = try watch(notices: 2, reply: "epoch: e", "sequence: 4")
        for sequence in 5..<8 { tell("Signon", 2, sequence) }
        #expect(harness.sent()[0][1] == "Unwatch")
        tell("Signon", 2, 8)
        #expect(try await read(reader, 2) == ["signon u 5", "signon u 6"])
        await #expect { try await reader.next() } throws: { ($0 as? OrbitedError)?.kind == .noticesOverflow }
        #expect(reader.place == NoticePlace(epoch: "e", sequence: 6))
        #expect(try await reader.next() == nil)
    }

    @Test("a watch survives a server that closes just then")
    func closing() throws {
        _ = try watch()
        harness.say("Failure", "id: 2", "msg: The server is shutting down", "code: 402 shutting_down")
        #expect(reconnect()[0][1] == "Watch")
    }

    @Test("watches go before the calls that wait")
    func first() throws {
        _ = try harness.event()
        _ = try harness.watch()
        harness.greet()
        #expect(harness.sent().map { $0[1] } == ["Watch", "Event"])
    }
}
