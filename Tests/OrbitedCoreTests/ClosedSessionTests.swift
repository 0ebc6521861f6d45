import NIOCore
import OrbitedWire
import Testing

@testable import OrbitedCore

@Suite("Sessions that an application closes")
struct ClosedSessionTests {
    /// Closes sessions; no shard has heard it yet.
    @discardableResult
    private func close(_ house: TestHouse, _ recipients: String..., reason: String = "bye") -> Int {
        house.switchboard.close(Recipients(recipients), reason: reason)
    }

    @Test(
        "streams, polls and batches are told the reason, and all polls are",
        arguments: [OutletKind.stream, .poll, .batch])
    func told(kind: OutletKind) {
        let house = TestHouse()
        if kind == .batch { house.attach(TestOutlet(.batch)) }
        let outlets = (0..<(kind == .poll ? 3 : 1)).map { _ in TestOutlet(kind) }
        for outlet in outlets { house.attach(outlet, comeback: .seen(0)) }
        #expect(close(house, "u, 0, /l") == 1)
        house.settle()
        for outlet in outlets { #expect(outlet.endReason == .closed("bye") && outlet.ends == 1) }
        #expect(house.isEmpty)
    }

    @Test("events that wait are refused")
    func waiting() {
        let house = TestHouse()
        let outlet = TestOutlet.stream()
        house.attach(outlet)
        outlet.close(on: house.shard, now: house.now)
        let events = ["a", "b"].map { house.publish($0) }
        close(house, "u, 0, /l")
        house.settle()
        for event in events { #expect(house.sink[event] == .failed(.refused)) }
        #expect(house.isEmpty)
    }

    @Test("an event that is in flight is unconfirmed, and those behind it are refused")
    func inFlight() {
        let house = TestHouse()
        let outlet = TestOutlet.stream(.partly)
        house.attach(outlet)
        let events = ["a", "b"].map { house.publish($0) }
        close(house, "u, 0, /l")
        house.settle()
        #expect(outlet.endReason == .closed("bye"))
        #expect(house.sink[events[0]] == .failed(.unconfirmed) && house.sink[events[1]] == .failed(.refused))
        outlet.drain(on: house.shard, now: house.now)
        #expect(house.sink[events[0]] == .failed(.unconfirmed) && house.isEmpty)
    }

    @Test("a poll in flight is cut off, and its event is unconfirmed")
    func pollInFlight() {
        let house = TestHouse()
        let outlet = TestOutlet.poll(.partly)
        house.attach(outlet)
        let events = ["a", "b"].map { house.publish($0) }
        close(house, "u, 0, /l")
        house.settle()
        #expect(outlet.endReason == .stalled && outlet.ends == 1)
        #expect(house.sink[events[0]] == .failed(.unconfirmed) && house.sink[events[1]] == .failed(.refused))
        #expect(house.isEmpty)
    }

    @Test("an event without the browser's word is unconfirmed, and one that was written stays reached")
    func word() {
        let house = TestHouse()
        house.attach(TestOutlet.cursors())
        let events = [house.publish("a", terms: .word), house.publish("b")]
        close(house, "u, 0, /l")
        house.settle()
        #expect(house.sink[events[0]] == .failed(.unconfirmed) && house.sink[events[1]] == .reached)
    }

    @Test("keys and patterns stand for sessions that are there, each once")
    func patterns() {
        let house = TestHouse(shards: 2)
        let outlets = (0..<4).map { _ in TestOutlet.stream() }
        for (index, outlet) in outlets.enumerated() { house.attach(outlet, "u\(index)", to: index % 2) }
        #expect(close(house, "nobody, 0, /l") == 0)
        #expect(close(house, "u0, 0, /l", "u0, 0, /l", "*, *, /elsewhere", "u1, *, *", "*, *, /m") == 2)
        house.settle()
        #expect(outlets.map { $0.endReason != nil } == [true, true, false, false])
        #expect(close(house, "*, *, *", "u2, 0, /l") == 2)
        house.settle()
        #expect(house.isEmpty)
    }

    @Test("a browser that comes after it begins a new session")
    func later() {
        let house = TestHouse()
        house.attach(TestOutlet.cursors())
        house.publish("a")
        close(house, "u, 0, /l")
        house.settle()
        let next = TestOutlet.cursors()
        house.attach(next, comeback: .seen(0))
        let event = house.publish("b")
        #expect(next.story == ["-", "b"] && house.sink[event] == .reached)
    }

    @Test("an event that was sent before is delivered first, and one that was sent after is not reached")
    func order() {
        let house = TestHouse()
        let outlet = TestOutlet.stream()
        house.attach(outlet)
        let before = house.post("a")
        close(house, "u, 0, /l")
        let after = house.post("b")
        house.settle()
        #expect(outlet.received == ["a"] && house.sink[before] == .reached)
        #expect(house.sink[after] == .failed(.unreachable))
    }

    @Test("closing a session twice is closing it once")
    func twice() {
        let house = TestHouse()
        let outlet = TestOutlet.stream()
        house.attach(outlet)
        close(house, "u, 0, /l")
        close(house, "u, 0, /l", reason: "again")
        house.settle()
        #expect(outlet.endReason == .closed("bye") && outlet.ends == 1 && house.isEmpty)
    }
}
