import NIOCore
import OrbitedWire
import Testing

@testable import OrbitedCore

@Suite("The browser's word and sessions that move")
struct MovingWordTests {
    private func moved(to shards: Int = 2) -> (house: TestHouse, event: UInt64) {
        let house = TestHouse(shards: shards)
        house.attach(TestOutlet.cursors())
        return (house, house.publish("a", terms: .word))
    }

    @Test("an event that was written on another shard is confirmed by the cursor of the new connection")
    func cursor() {
        let (house, event) = moved()
        house.attach(TestOutlet.cursors(), to: 1, comeback: .seen(1))
        #expect(house.sink[event] == TestSink.Fates())
        house.settle()
        #expect(house.sink[event] == .reached)
    }

    @Test("it is confirmed by a request after the move")
    func request() {
        let (house, event) = moved()
        let next = TestOutlet.cursors()
        house.attach(next, to: 1, comeback: .seen(0))
        house.settle()
        #expect(next.received == ["a"] && house.sink[event] == TestSink.Fates())
        house.acknowledge(1)
        house.settle()
        #expect(house.sink[event] == .reached)
    }

    @Test("it is confirmed by a request during the move, however the shards take turns")
    func requestMeanwhile() {
        for order in MovingTests.orders(shards: 2, length: 4) {
            let (house, event) = moved()
            house.attach(TestOutlet.cursors(), to: 1, comeback: .seen(0))
            house.drain(order[0])
            house.acknowledge(1)
            for shard in order[1...] { house.drain(shard) }
            house.settle()
            #expect(house.sink[event] == .reached, "\(order)")
        }
    }

    @Test("it is confirmed on the new connection before what it had has arrived")
    func connectionMeanwhile() {
        let (house, event) = moved()
        let next = TestOutlet.cursors()
        house.attach(next, to: 1, comeback: .seen(0))
        house.shards[1].acknowledge(TestHouse.cursor(1), by: next)
        house.settle()
        #expect(house.sink[event] == .reached)
    }

    @Test("it is unconfirmed if the session ends after the move")
    func ends() {
        let (house, event) = moved()
        let next = TestOutlet.cursors()
        house.attach(next, to: 1, comeback: .seen(0))
        house.settle()
        next.close(on: house.shards[1], now: house.now)
        house.pass(.seconds(6))
        #expect(house.sink[event] == .failed(.unconfirmed))
    }

    @Test("it is unconfirmed if the browser begins anew on the other shard")
    func anew() {
        let (house, event) = moved()
        house.attach(TestOutlet.cursors(), to: 1)
        house.settle()
        #expect(house.sink[event] == .failed(.unconfirmed))
    }

    @Test("each fate is told once if the server gives up during the move, however the shards take turns")
    func abort() {
        for order in MovingTests.orders(shards: 2, length: 3) {
            let (house, event) = moved()
            house.attach(TestOutlet.cursors(), to: 1, comeback: .seen(0))
            for shard in order { house.drain(shard) }
            for shard in house.shards { shard.abort(now: house.now) }
            house.settle()
            #expect(house.sink[event] == .failed(.unconfirmed), "\(order)")
        }
    }
}
