import NIOCore
import OrbitedWire
import Testing

@testable import OrbitedCore

@Suite("Sessions that are closed while they move")
struct MovingClosureTests {
    private func close(_ house: TestHouse) {
        _ = house.switchboard.close(Recipients(["*, *, *"]), reason: "bye")
    }

    @Test("what waits is refused while it is on its way, and the new connection is told, however the shards take turns")
    func arriving() {
        for order in MovingTests.orders(shards: 2, length: 3) {
            let house = TestHouse(shards: 2)
            let first = TestOutlet.cursors()
            house.attach(first)
            let written = house.publish("a", terms: .word)
            first.close(on: house.shard, now: house.now)
            let waiting = house.publish("b")
            let second = TestOutlet.stuck()
            house.attach(second, to: 1, comeback: .seen(0))
            house.drain(order[0])
            close(house)
            for shard in order[1...] { house.drain(shard) }
            house.settle()
            #expect(second.endReason == .closed("bye") && second.ends == 1, "\(order)")
            #expect(house.sink[written] == .failed(.unconfirmed), "\(order)")
            #expect(house.sink[waiting] == .failed(.refused), "\(order)")
            #expect(house.isEmpty, "\(order)")
        }
    }

    @Test("events that come to it on its way are refused, too")
    func meanwhile() {
        let house = TestHouse(shards: 2)
        house.attach(TestOutlet.cursors())
        house.attach(TestOutlet.cursors(), to: 1, comeback: .seen(0))
        close(house)
        house.drain(1)
        let event = house.post("a")
        house.drain(1)
        house.settle()
        #expect(house.sink[event] == .failed(.refused) && house.isEmpty)
    }

    @Test("closing before a move ends what was, and the new connection begins anew, however the shards take turns")
    func before() {
        for order in MovingTests.orders(shards: 2, length: 3) {
            let house = TestHouse(shards: 2)
            let first = TestOutlet.cursors()
            house.attach(first)
            let old = house.publish("a", terms: .word)
            close(house)
            let second = TestOutlet.cursors()
            house.attach(second, to: 1, comeback: .seen(0))
            let new = house.post("b")
            for shard in order { house.drain(shard) }
            house.settle()
            #expect(first.endReason == .closed("bye"), "\(order)")
            #expect(second.endReason == nil && second.story == ["-", "b"], "\(order)")
            #expect(house.sink[old] == .failed(.unconfirmed) && house.sink[new] == .reached, "\(order)")
        }
    }

    @Test(
        "closing in the middle of a chain of moves tells each fate once, however the shards take turns",
        arguments: 0...2)
    func chain(moment: Int) {
        for order in MovingTests.orders(shards: 3, length: 5) {
            let house = TestHouse(shards: 3)
            let slow = TestOutlet.poll(.partly)
            house.attach(slow)
            var events = [house.publish("1"), house.publish("2")]
            if moment == 0 { close(house) }
            house.drain(order[0])
            house.attach(TestOutlet.cursors(), to: 1)
            events.append(house.post("3", terms: .ttl(60)))
            if moment == 1 { close(house) }
            house.drain(order[1])
            house.attach(TestOutlet.cursors(), to: 2)
            events.append(house.post("4", to: [], terms: .patterns("*, *, *")))
            if moment == 2 { close(house) }
            for shard in order[2...] { house.drain(shard) }
            if slow.endReason == nil { slow.drain(on: house.shard, now: house.now) }
            house.settle()
            house.pass(.seconds(100))
            close(house)
            house.settle()
            #expect(house.isEmpty, "\(order)")
            for event in events { #expect(house.receipt(event)?.isComplete == true, "\(event) of \(order)") }
        }
    }
}
