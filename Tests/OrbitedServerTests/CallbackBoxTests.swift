import OrbitedCore
import OrbitedWire
import Testing

@testable import OrbitedServer

@Suite("The box of callbacks")
struct CallbackBoxTests {
    private func failure(_ event: String, of user: String = "u") throws -> Callback {
        let key = try ConnectionKey(user: user, session: "0", location: "/c")
        return .failure(EventFailure(event: event, key: key, reason: .unreachable))
    }

    @Test("it says when it is not empty any more, once until it is emptied")
    func waking() throws {
        var box = CallbackBox(lanes: 1, most: 1, mostBytes: 1_000)
        #expect(box.add(try failure("1")))
        #expect(!box.add(try failure("2")), "a loss wakes nobody who is awake")
        _ = box.take()
        #expect(box.add(try failure("3")), "but one who sleeps is to hear of it")
    }

    @Test("what was handed over keeps its room until it is freed, and what has none is counted [CBK-8]")
    func room() throws {
        var box = CallbackBox(lanes: 1, most: 2, mostBytes: 10_000)
        for event in ["1", "2", "3"] { _ = box.add(try failure(event)) }
        let mail = box.take()[0]
        #expect(mail.callbacks == [try failure("1"), try failure("2")] && mail.dropped == 1)
        _ = box.add(try failure("4"))
        #expect(box.take()[0].dropped == 1)
        box.free([try failure("1")])
        _ = box.add(try failure("5"))
        #expect(box.take()[0].callbacks == [try failure("5")])
        #expect(box.take()[0].dropped == 0)
    }

    @Test("it bounds bytes, too [CBK-8]")
    func bytes() throws {
        let size = try failure("1").size
        var box = CallbackBox(lanes: 1, most: 100, mostBytes: 2 * size)
        for event in ["1", "2", "3"] { _ = box.add(try failure(event)) }
        #expect(box.bytes == 2 * size && box.count == 2)
        #expect(box.take()[0].dropped == 1)
        box.free([try failure("1"), try failure("2")])
        #expect(box.bytes == 0 && box.count == 0)
    }

    @Test("a session keeps to one lane, and sessions are spread over all of them [CBK-4]")
    func lanes() throws {
        var box = CallbackBox(lanes: 4, most: 1_000, mostBytes: 1_000_000)
        for number in 0..<200 {
            for event in ["1", "2"] { _ = box.add(try failure(event, of: "u\(number)")) }
        }
        let lanes = box.take().map { Set($0.callbacks.map(\.key)) }
        #expect(lanes.allSatisfy { !$0.isEmpty })
        #expect(lanes.reduce(0) { $0 + $1.count } == 200)
    }
}
