import NIOCore
import OrbitedWire
import Testing

@testable import OrbitedCore

@Suite("A queue that is full")
struct OverflowTests {
    private func after(_ serial: UInt64) -> Comeback { .seen(serial) }
    private func mark(_ serial: UInt64, gap: Bool = false) -> TestOutlet.Frame {
        .mark(Mark(cursor: TestHouse.cursor(serial), isGap: gap))
    }

    /// A house whose browser is away, with room for two events of three bytes together.
    private func house(_ overflow: OverflowPolicy) -> TestHouse {
        let house = TestHouse {
            $0.overflow = overflow
            $0.maxWaiting = 2
            $0.maxWaitingBytes = 3
        }
        let first = TestOutlet.cursors()
        house.attach(first)
        first.close(on: house.shard, now: house.now)
        return house
    }

    @Test("the oldest events make room for the newest, and their loss is told [BRW-138]")
    func dropOldest() {
        let house = house(.dropOldest)
        let (a, b, c) = (house.publish("a"), house.publish("b"), house.publish("c"))
        #expect(house.reason(a) == .overflow && house.reason(b) == nil && house.reason(c) == nil)
        let second = TestOutlet.cursors()
        house.attach(second, comeback: after(0))
        #expect(
            second.frames == [[mark(0)], [mark(1, gap: true)], [.event("b", serial: 2)], [.event("c", serial: 3)]])
    }

    @Test("as many of the oldest go as the newest takes bytes [BRW-138]")
    func bytes() {
        let house = house(.dropOldest)
        let (a, b, large) = (house.publish("a"), house.publish("b"), house.publish("ccc"))
        #expect(house.reason(a) == .overflow && house.reason(b) == .overflow && house.reason(large) == nil)
        let second = TestOutlet.cursors()
        house.attach(second, comeback: after(0))
        #expect(second.frames == [[mark(0)], [mark(2, gap: true)], [.event("ccc", serial: 3)]])
    }

    @Test("the newest alone stays [BRW-138]")
    func conflate() {
        let house = house(.conflate)
        let events = ["a", "b", "c", "d", "e"].map { house.publish($0) }
        #expect(events.map { house.reason($0) } == [.overflow, .overflow, .overflow, .overflow, nil])
        let second = TestOutlet.cursors()
        house.attach(second, comeback: after(0))
        #expect(second.frames == [[mark(0)], [mark(4, gap: true)], [.event("e", serial: 5)]])
    }

    @Test("one that is larger than the queue is refused, and the others stay", arguments: OverflowPolicy.allCases)
    func tooLarge(overflow: OverflowPolicy) {
        guard overflow != .disconnect else { return }
        let house = house(overflow)
        let (a, large) = (house.publish("a"), house.publish("bbbb"))
        #expect(house.reason(a) == nil && house.reason(large) == .overflow)
        let second = TestOutlet.cursors()
        house.attach(second, comeback: after(0))
        #expect(second.frames == [[mark(0)], [.event("a", serial: 1)], [mark(2, gap: true)]])
    }

    @Test("the session ends, its browser is cut off, and is told the gap when it comes back [BRW-138]")
    func disconnect() {
        let house = TestHouse {
            $0.overflow = .disconnect
            $0.maxWaiting = 2
        }
        let watch = house.watch("*, *, *")
        let slow = TestOutlet.cursors(.partly)
        house.attach(slow)
        let events = ["a", "b", "c", "d"].map { house.publish($0) }
        #expect(house.isEmpty && slow.endReason == .stalled)
        #expect(events.map { house.reason($0) } == [.overflow, .overflow, .overflow, .overflow])
        #expect(house.news(watch) == ["+1 u", "-2 u overflow"])
        let second = TestOutlet.cursors()
        house.attach(second, comeback: after(0))
        #expect(second.frames.first == [mark(4, gap: true)])
        let next = house.publish("e")
        #expect(house.reason(next) == nil && second.frames.last == [.event("e", serial: 5)])
    }

    @Test("what a session brings along from another shard counts, too", arguments: OverflowPolicy.allCases)
    func moving(overflow: OverflowPolicy) {
        let house = TestHouse(shards: 2) {
            $0.overflow = overflow
            $0.maxWaiting = 2
        }
        let first = TestOutlet.cursors()
        house.attach(first)
        first.close(on: house.shard, now: house.now)
        let (a, b) = (house.publish("a"), house.publish("b"))
        let stuck = TestOutlet.stuck()
        house.attach(stuck, to: 1, comeback: after(0))
        // It waits on its new shard before the others have arrived there.
        let c = house.post("c")
        house.drain(1)
        house.settle()
        let lost: [ControlCode?] =
            switch overflow {
            case .refuse, .disconnect: [nil, nil, .overflow]
            case .dropOldest: [.overflow, nil, nil]
            case .conflate: [.overflow, .overflow, nil]
            }
        #expect([a, b, c].map { house.reason($0) } == lost)
    }
}
