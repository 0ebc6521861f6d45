import NIOCore
import OrbitedWire
import Testing

@testable import OrbitedCore

@Suite("The browser's word")
struct BrowserWordTests {
    private func written(_ house: TestHouse) -> (outlet: TestOutlet, event: UInt64) {
        let outlet = TestOutlet.cursors()
        house.attach(outlet)
        return (outlet, house.publish("a", terms: .word))
    }

    @Test("an event that was written is not told of before the browser has said that it has it")
    func open() {
        let house = TestHouse()
        let (outlet, event) = written(house)
        #expect(outlet.received == ["a"])
        #expect(house.sink[event] == TestSink.Fates())
    }

    @Test("it is given by coming back with a cursor", arguments: [OutletKind.stream, .batch])
    func cursor(kind: OutletKind) {
        let house = TestHouse()
        let (_, event) = written(house)
        house.attach(TestOutlet(kind, hasCursors: true), comeback: .seen(1))
        #expect(house.sink[event] == .reached)
        house.acknowledge(1)
        house.settle()
        #expect(house.sink[event] == .reached)
    }

    @Test("it is given by a request")
    func request() {
        let house = TestHouse()
        let (_, event) = written(house)
        house.acknowledge(1)
        house.settle()
        #expect(house.sink[event] == .reached)
    }

    @Test("it is given on the connection itself")
    func connection() {
        let house = TestHouse()
        let (outlet, event) = written(house)
        house.shard.acknowledge(TestHouse.cursor(1), by: outlet)
        #expect(house.sink[event] == .reached)
    }

    @Test("it is given for a batch by the next poll")
    func batch() {
        let house = TestHouse()
        house.attach(TestOutlet(.batch))
        house.attach(TestOutlet(.batch), comeback: .seen(0))
        let events = ["a", "b"].map { house.post($0, terms: .word) }
        house.settle()
        for event in events { #expect(house.sink[event] == TestSink.Fates()) }
        house.attach(TestOutlet(.batch), comeback: .seen(2))
        for event in events { #expect(house.sink[event] == .reached) }
    }

    @Test("it counts for the events up to the cursor alone")
    func partly() {
        let house = TestHouse()
        house.attach(TestOutlet.cursors())
        let events = ["a", "b", "c"].map { house.publish($0, terms: .word) }
        house.acknowledge(2)
        house.settle()
        #expect(events.map { house.sink[$0].reached } == [1, 1, 0])
    }

    @Test("a cursor of another process, or of an event to come, is no word", arguments: [(0xF, 1), (0xE, 9)])
    func foreign(epoch: UInt64, serial: UInt64) {
        let house = TestHouse()
        let (outlet, event) = written(house)
        let cursor = Cursor(epoch: epoch, serial: serial)
        house.switchboard.acknowledge(cursor, of: TestHouse.key())
        house.settle()
        house.shard.acknowledge(cursor, by: outlet)
        #expect(house.sink[event] == TestSink.Fates())
    }

    @Test("an event that is sent again waits for it still, and is told of once")
    func again() {
        let house = TestHouse()
        let (_, event) = written(house)
        for _ in 0..<3 {
            let outlet = TestOutlet.cursors()
            house.attach(outlet, comeback: .seen(0))
            #expect(outlet.received == ["a"])
            #expect(house.sink[event] == TestSink.Fates())
        }
        house.acknowledge(1)
        house.settle()
        #expect(house.sink[event] == .reached)
    }

    @Test("it may come for an event that waits to be sent again")
    func whileItWaits() {
        let house = TestHouse()
        let (_, event) = written(house)
        let stuck = TestOutlet.stuck()
        house.attach(stuck, comeback: .seen(0))
        house.acknowledge(1)
        house.settle()
        #expect(house.sink[event] == .reached)
        stuck.drain(on: house.shard, now: house.now)
        house.acknowledge(1)
        house.settle()
        #expect(stuck.received == ["a"] && house.sink[event] == .reached)
    }

    @Test("an event that goes without its word is told of at once, beside others that wait for it")
    func mixed() {
        let house = TestHouse()
        let outlet = TestOutlet.cursors()
        house.attach(outlet)
        let events = [house.publish("a", terms: .word), house.publish("b"), house.publish("c", terms: .word)]
        #expect(events.map { house.sink[$0].reached } == [0, 1, 0])
        house.attach(TestOutlet.cursors(), comeback: .seen(3))
        for event in events { #expect(house.sink[event] == .reached) }
    }
}
