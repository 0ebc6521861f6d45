import NIOCore
import OrbitedWire
import Testing

@testable import OrbitedCore

@Suite("Time to live")
struct TimeToLiveTests {
    /// A house whose browser was there, and is away.
    private func away(shards: Int = 1) -> TestHouse {
        let house = TestHouse(shards: shards)
        let outlet = TestOutlet.cursors()
        house.attach(outlet)
        outlet.close(on: house.shard, now: house.now)
        return house
    }

    @Test(
        "an event without time reaches who is there",
        arguments: [(OutletKind.stream, true), (.stream, false), (.poll, false), (.batch, true)])
    func noTime(kind: OutletKind, hasCursors: Bool) {
        let house = TestHouse()
        if kind == .batch { house.attach(TestOutlet(.batch)) }
        let outlet = TestOutlet(kind, hasCursors: hasCursors)
        house.attach(outlet, comeback: .seen(0))
        let event = house.publish("a", terms: .ttl(0))
        #expect(outlet.received == ["a"] && house.sink[event] == .reached)
    }

    @Test("a batch gets all events without time that came in one turn")
    func noTimeInBatch() {
        let house = TestHouse()
        house.attach(TestOutlet(.batch))
        let outlet = TestOutlet(.batch)
        house.attach(outlet, comeback: .seen(0))
        let events = ["a", "b"].map { house.post($0, terms: .ttl(0)) }
        house.settle()
        #expect(outlet.received == ["a", "b"])
        for event in events { #expect(house.sink[event] == .reached) }
    }

    @Test("an event without time does not wait for who is away, or is slow", arguments: [true, false])
    func noTimeToWait(isSlow: Bool) {
        let house = away()
        if isSlow { house.attach(TestOutlet.stuck()) }
        let event = house.publish("a", terms: .ttl(0))
        #expect(house.sink[event] == .failed(.expired))
    }

    @Test("an event without time reaches a stream without cursors also after one that did not")
    func noTimeAfterLoss() {
        let house = TestHouse()
        let outlet = TestOutlet.iframe()
        house.attach(outlet)
        outlet.isDrained = false
        let lost = house.publish("a", terms: .ttl(0))
        outlet.drain(on: house.shard, now: house.now)
        let events = ["b", "c"].map { house.publish($0, terms: .ttl(0)) }
        #expect(house.sink[lost] == .failed(.expired))
        #expect(outlet.received == ["b", "c"])
        for event in events { #expect(house.sink[event] == .reached) }
    }

    @Test("an event that may not wait and can't be written after all is expired, and does not come later")
    func noTimeAndBroken() {
        let house = TestHouse()
        house.attach(TestOutlet(.batch))
        house.attach(TestOutlet(.batch, script: [.failed]), comeback: .seen(0))
        let event = house.publish("a", terms: .ttl(0))
        let next = TestOutlet.cursors()
        house.attach(next, comeback: .seen(0))
        #expect(house.sink[event] == .failed(.expired) && next.story == ["-"])
    }

    @Test("an event expires while its browser is away, neither sooner nor later")
    func expires() {
        let house = away()
        let event = house.publish("a", terms: .ttl(2))
        house.pass(.milliseconds(1_999))
        #expect(house.sink[event] == TestSink.Fates())
        house.pass(.milliseconds(1))
        #expect(house.sink[event] == .failed(.expired))
        #expect(house.switchboard.sessionCount == 1)
    }

    @Test("one that comes back later does not get it, though the clock was not looked at since")
    func comesBackLate() {
        let house = away()
        let event = house.publish("a", terms: .ttl(2))
        house.now = house.now + .seconds(2)
        let back = TestOutlet.cursors()
        house.attach(back, comeback: .seen(0))
        #expect(back.story == ["-"] && house.sink[event] == .failed(.expired))
    }

    @Test("one that comes back sooner gets it")
    func comesBack() {
        let house = away()
        let event = house.publish("a", terms: .ttl(2))
        house.pass(.seconds(1))
        let back = TestOutlet.cursors()
        house.attach(back, comeback: .seen(0))
        #expect(back.story == ["a"] && house.sink[event] == .reached)
        house.pass(.seconds(10))
        #expect(house.sink[event] == .reached)
    }

    @Test("an event expires behind a slow stream")
    func slowStream() {
        let house = TestHouse()
        let slow = TestOutlet.cursors(.partly)
        house.attach(slow)
        let events = [house.publish("a"), house.publish("b", terms: .ttl(1)), house.publish("c")]
        house.pass(.seconds(2))
        #expect(house.sink[events[1]] == .failed(.expired))
        slow.drain(on: house.shard, now: house.now)
        #expect(slow.story == ["a", "-", "c"])
        #expect(house.sink[events[0]] == .reached && house.sink[events[2]] == .reached)
    }

    @Test("an event that is being written does not expire")
    func inFlight() {
        let house = TestHouse()
        let slow = TestOutlet.cursors(.partly)
        house.attach(slow)
        let event = house.publish("a", terms: .ttl(1))
        house.pass(.seconds(5))
        #expect(house.sink[event] == TestSink.Fates())
        slow.drain(on: house.shard, now: house.now)
        #expect(house.sink[event] == .reached)
    }

    @Test("an event that broke off expires when it waits again")
    func brokeOff() {
        let house = TestHouse()
        let slow = TestOutlet.cursors(.partly)
        house.attach(slow)
        let event = house.publish("a", terms: .ttl(1))
        house.pass(.seconds(2))
        slow.close(on: house.shard, now: house.now)
        #expect(house.sink[event] == .failed(.expired))
    }

    @Test("an event that was written waits for the browser's word beyond its time, and is sent again")
    func waitsForWord() {
        let house = TestHouse()
        house.attach(TestOutlet.cursors())
        let event = house.publish("a", terms: EventFrame.Terms(ack: .browser, ttl: 1))
        house.pass(.seconds(10))
        #expect(house.sink[event] == TestSink.Fates())
        let back = TestOutlet.cursors()
        house.attach(back, comeback: .seen(0))
        #expect(back.story == ["a"])
        house.acknowledge(1)
        house.settle()
        #expect(house.sink[event] == .reached)
    }

    @Test("a time that is longer than the grace keeps no session alive", arguments: [60, ControlLimits.length])
    func longerThanGrace(ttl: Int) {
        let house = away()
        let event = house.publish("a", terms: .ttl(ttl))
        house.pass(.milliseconds(4_999))
        #expect(house.sink[event] == TestSink.Fates())
        house.pass(.milliseconds(1))
        #expect(house.sink[event] == .failed(.unreachable) && house.isEmpty)
    }
}
