import NIOCore
import Testing

@testable import OrbitedCore

@Suite("Writing")
struct WritingTests {
    @Test("an event that left in part is reached only when the rest has left")
    func partly() {
        let house = TestHouse()
        let outlet = TestOutlet.stream(.partly)
        house.attach(outlet)
        let number = house.publish("1")
        #expect(house.sink[number].count == 0)
        outlet.drain(on: house.shard, now: house.now)
        #expect(house.sink[number] == TestSink.Fates(reached: 1))
    }

    @Test("what comes while an event is in flight waits behind it", arguments: [OutletKind.stream, .poll])
    func order(kind: OutletKind) {
        let house = TestHouse()
        let outlets = (0..<3).map { TestOutlet(kind, transport: "t", script: $0 == 0 ? [.partly] : []) }
        for outlet in outlets.prefix(kind == .poll ? 3 : 1) { house.attach(outlet) }
        let numbers = ["1", "2", "3"].map { house.publish($0) }
        #expect(outlets.flatMap(\.given) == ["1"])
        outlets[0].drain(on: house.shard, now: house.now)
        #expect(outlets.flatMap(\.received) == ["1", "2", "3"])
        #expect(numbers.allSatisfy { house.sink[$0].reached == 1 })
    }

    @Test("an event whose connection closed half-way is written whole on the next one, before others")
    func retried() {
        let house = TestHouse()
        let first = TestOutlet.stream(.partly)
        house.attach(first)
        let number = house.publish("1")
        house.publish("2")
        first.close(on: house.shard, now: house.now)
        #expect(house.sink[number].count == 0)
        let second = TestOutlet.stream()
        house.attach(second)
        #expect(second.received == ["1", "2"])
        #expect(house.sink[number] == TestSink.Fates(reached: 1))
    }

    @Test("an event is tried as often as the limit allows", arguments: [0, 1, 3, 300])
    func retryLimit(limit: Int) {
        let house = TestHouse { $0.retryLimit = limit }
        let first = TestOutlet.stream(.failed)
        house.attach(first)
        let number = house.publish("1")
        for _ in 0..<limit {
            #expect(house.sink[number].count == 0)
            house.attach(TestOutlet.stream(.failed))
        }
        #expect(house.reason(number) == .unreachable)
        let last = TestOutlet.stream()
        house.attach(last)
        #expect(last.given.isEmpty)
    }

    @Test("a poll whose write failed leaves its event to the next poll at once")
    func nextPollTakesOver() {
        let house = TestHouse()
        let polls = [TestOutlet.poll(.failed), TestOutlet.poll()]
        for poll in polls { house.attach(poll) }
        let number = house.publish("1")
        #expect(polls[1].received == ["1"])
        #expect(house.sink[number] == TestSink.Fates(reached: 1))
    }

    @Test("a poll that closed half-way leaves its event to the next poll at once")
    func nextPollTakesOverLater() {
        let house = TestHouse()
        let polls = [TestOutlet.poll(.partly), TestOutlet.poll()]
        for poll in polls { house.attach(poll) }
        let number = house.publish("1")
        polls[0].close(on: house.shard, now: house.now)
        #expect(polls[1].received == ["1"])
        #expect(house.sink[number] == TestSink.Fates(reached: 1))
    }

    @Test("a stream that is not drained when it connects takes events once it is")
    func preamble() {
        let house = TestHouse()
        let outlet = TestOutlet.stream()
        outlet.isDrained = false
        house.attach(outlet)
        house.publish("1")
        #expect(outlet.given.isEmpty)
        outlet.drain(on: house.shard, now: house.now)
        #expect(outlet.received == ["1"])
    }

    @Test("a silent stream is pinged after the time of silence and not before")
    func heartbeat() {
        let house = TestHouse()
        let outlet = TestOutlet.stream()
        house.attach(outlet)
        house.pass(.seconds(20))
        house.publish("1")
        house.pass(.milliseconds(24_999))
        #expect(outlet.pings == 0)
        house.pass(.milliseconds(1))
        #expect(outlet.pings == 1)
        house.pass(.seconds(50))
        #expect(outlet.pings == 3)
    }

    @Test("a stream without a heartbeat is never pinged")
    func noHeartbeat() {
        let house = TestHouse()
        let outlet = TestOutlet(.stream, hasHeartbeat: false)
        house.attach(outlet)
        house.pass(.minutes(10))
        #expect(outlet.pings == 0 && outlet.endReason == nil)
        #expect(house.shard.nextDeadline == nil)
    }

    @Test("a ping that fails ends the connection, and the grace begins")
    func failedPing() {
        let house = TestHouse()
        let outlet = TestOutlet.stream(.failed)
        house.attach(outlet)
        house.pass(.seconds(25))
        let number = house.publish("1")
        #expect(house.sink[number].count == 0)
        house.pass(.seconds(5))
        #expect(house.reason(number) == .unreachable && house.isEmpty)
    }

    @Test("what comes while a ping is in flight waits for it")
    func ping() {
        let house = TestHouse()
        let outlet = TestOutlet.stream(.partly)
        house.attach(outlet)
        house.pass(.seconds(25))
        house.publish("1")
        #expect(outlet.given.isEmpty)
        outlet.drain(on: house.shard, now: house.now)
        #expect(outlet.received == ["1"])
    }

    @Test(
        "a socket that takes nothing for the write time-out is dropped, and its event waits",
        arguments: [OutletKind.stream, .poll])
    func stalled(kind: OutletKind) {
        let house = TestHouse()
        let outlet = TestOutlet(kind, script: [.partly])
        house.attach(outlet)
        let number = house.publish("1")
        house.pass(.milliseconds(29_999))
        #expect(outlet.endReason == nil)
        house.pass(.milliseconds(1))
        #expect(outlet.endReason == .stalled && outlet.ends == 1)
        #expect(house.sink[number].count == 0)
        let next = TestOutlet(kind)
        house.attach(next)
        #expect(next.received == ["1"])
        #expect(house.sink[number] == TestSink.Fates(reached: 1))
    }

    @Test("a socket that takes a little is given another write time-out", arguments: [OutletKind.stream, .poll])
    func progressing(kind: OutletKind) {
        let house = TestHouse()
        let outlet = TestOutlet(kind, script: [.partly])
        house.attach(outlet)
        let number = house.publish("1")
        for _ in 0..<4 {
            house.pass(.seconds(29))
            outlet.takeSome()
            house.pass(.seconds(1))
            #expect(outlet.endReason == nil)
        }
        outlet.drain(on: house.shard, now: house.now)
        #expect(house.sink[number] == TestSink.Fates(reached: 1))
    }

    @Test("a stream that ends itself with an event has reached, and the next events wait")
    func finished() {
        let house = TestHouse()
        let outlet = TestOutlet(.stream, script: [.finished])
        outlet.finishes = true
        house.attach(outlet)
        let numbers = ["1", "2"].map { house.publish($0) }
        #expect(house.sink[numbers[0]].reached == 1)
        #expect(house.sink[numbers[1]].count == 0)
        let next = TestOutlet.stream()
        house.attach(next)
        #expect(next.received == ["2"])
    }

    @Test("a sink may publish and drain from within its report, as deep as it likes")
    func reentrancy() {
        final class Box: Sendable {
            nonisolated(unsafe) var house: TestHouse?
            nonisolated(unsafe) var depth = 0
            nonisolated(unsafe) var deepest = 0
        }
        let box = Box()
        let sink = TestSink { reports in
            guard let house = box.house, let number = reports.last?.number, number < 2_000 else { return }
            box.depth += 1
            box.deepest = max(box.depth, box.deepest)
            _ = house.post("\(number + 1)")
            house.drain(0)
            box.depth -= 1
        }
        let house = TestHouse(sink: sink)
        box.house = house
        let outlet = TestOutlet.stream()
        house.attach(outlet)
        house.publish("1")
        #expect(outlet.received == (1...2_000).map(String.init))
        #expect(box.deepest == 1)
        box.house = nil
    }
}
