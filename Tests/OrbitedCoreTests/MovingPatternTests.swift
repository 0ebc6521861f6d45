import NIOCore
import OrbitedWire
import Testing

@testable import OrbitedCore

@Suite("Patterns and sessions that move")
struct MovingPatternTests {
    private let terms = EventFrame.Terms.patterns("*, *, /l")

    /// An event for the session: every other one names it.
    private func post(_ number: Int, in house: TestHouse) -> UInt64 {
        number.isMultiple(of: 2) ? house.post("\(number)") : house.post("\(number)", to: [], terms: terms)
    }

    private func check(_ events: [UInt64], in house: TestHouse, _ order: [Int]) {
        for event in events {
            let receipt = house.receipt(event)
            #expect(receipt?.isComplete == true && receipt?.reached == 1, "\(event) of \(order)")
        }
    }

    @Test(
        "events before, between and after a move arrive once, in order with those that name the session",
        arguments: [0, 1], [false, true])
    func move(first: Int, isAway: Bool) {
        for order in MovingTests.orders(shards: 2, length: 6) {
            let house = TestHouse(shards: 2)
            let outlets = [TestOutlet.stream(), .stream()]
            house.attach(outlets[0])
            if isAway { outlets[0].close(on: house.shard, now: house.now) }
            var events = [post(first, in: house), post(first + 1, in: house)]
            house.drain(order[0])
            house.attach(outlets[1], to: 1)
            events.append(post(first + 2, in: house))
            house.drain(order[1])
            house.drain(order[2])
            events.append(post(first + 3, in: house))
            for shard in order[3...] { house.drain(shard) }
            house.settle()
            events.append(post(first + 4, in: house))
            house.settle()
            #expect(outlets.flatMap(\.received) == (first...first + 4).map { "\($0)" }, "\(order)")
            check(events, in: house, order)
        }
    }

    @Test("a session that goes there and back before its mail was read gets each event once and in order")
    func toAndFro() {
        for order in MovingTests.orders(shards: 2, length: 5) {
            let house = TestHouse(shards: 2)
            let outlets = (0..<4).map { _ in TestOutlet.stream() }
            var events: [UInt64] = []
            for (index, outlet) in outlets.enumerated() {
                house.attach(outlet, to: index % 2)
                events.append(post(index + 1, in: house))
                house.drain(order[index])
            }
            house.drain(order[4])
            house.settle()
            #expect(outlets.flatMap(\.received) == ["1", "2", "3", "4"], "\(order)")
            check(events, in: house, order)
        }
    }

    @Test("a chain of moves behind a poll in flight keeps them all", arguments: [0, 1])
    func chain(first: Int) {
        for order in MovingTests.orders(shards: 3, length: 5) {
            let house = TestHouse(shards: 3)
            let slow = TestOutlet.poll(.partly)
            house.attach(slow)
            var events = [post(first, in: house)]
            house.settle()
            let outlets = [TestOutlet.stream(), .stream()]
            house.attach(outlets[0], to: 1)
            events.append(post(first + 1, in: house))
            house.drain(order[0])
            house.drain(order[1])
            house.attach(outlets[1], to: 2)
            events.append(post(first + 2, in: house))
            for shard in order[2...] { house.drain(shard) }
            slow.drain(on: house.shard, now: house.now)
            house.settle()
            #expect(slow.received + outlets.flatMap(\.received) == (first...first + 2).map { "\($0)" }, "\(order)")
            check(events, in: house, order)
        }
    }

    @Test("a page that comes back with a cursor on another shard gets what it missed, and each event once")
    func cursor() {
        for order in MovingTests.orders(shards: 2, length: 4) {
            let house = TestHouse(shards: 2)
            house.attach(TestOutlet.cursors())
            var events = [post(1, in: house), post(2, in: house)]
            house.settle()
            let back = TestOutlet.cursors()
            house.attach(back, to: 1, comeback: .seen(1))
            events.append(post(3, in: house))
            for shard in order { house.drain(shard) }
            house.settle()
            #expect(back.story == ["2", "3"], "\(order)")
            check(events, in: house, order)
        }
    }
}
