import NIOCore
import Testing

@testable import OrbitedCore

@Suite("Sessions")
struct SessionTests {
    @Test("an event for a key that nobody holds is unreachable at once")
    func nobody() {
        let house = TestHouse()
        let number = house.publish("1")
        #expect(house.reason(number) == .unreachable)
    }

    @Test("an event for a present stream is written and reached")
    func present() {
        let house = TestHouse()
        let outlet = TestOutlet.stream()
        house.attach(outlet)
        let number = house.publish("1")
        #expect(outlet.received == ["1"])
        #expect(house.sink[number] == TestSink.Fates(reached: 1))
    }

    @Test("events that came in the grace are delivered in order to the next connection, before later ones")
    func grace() {
        let house = TestHouse()
        let first = TestOutlet.stream()
        house.attach(first)
        first.close(on: house.shard, now: house.now)
        let numbers = ["1", "2", "3"].map { house.publish($0) }
        #expect(numbers.allSatisfy { house.sink[$0].count == 0 })
        house.pass(.milliseconds(4_999))
        let second = TestOutlet.stream()
        house.attach(second)
        house.publish("4")
        #expect(second.received == ["1", "2", "3", "4"])
        #expect(numbers.allSatisfy { house.sink[$0] == TestSink.Fates(reached: 1) })
    }

    @Test("when the grace is over the session ends and what waited is unreachable")
    func expiry() {
        let house = TestHouse()
        let outlet = TestOutlet.stream()
        house.attach(outlet)
        outlet.close(on: house.shard, now: house.now)
        let number = house.publish("1")
        house.pass(.milliseconds(4_999))
        #expect(house.sink[number].count == 0 && house.switchboard.sessionCount == 1)
        house.pass(.milliseconds(1))
        #expect(house.reason(number) == .unreachable)
        #expect(house.isEmpty)
    }

    @Test("a grace of nothing ends a session with its connection")
    func noGrace() {
        let house = TestHouse { $0.grace = .zero }
        let outlet = TestOutlet.poll(.partly)
        house.attach(outlet)
        let number = house.publish("1")
        house.pass(.seconds(1))
        #expect(house.sink[number].count == 0 && !house.isEmpty)
        outlet.drain(on: house.shard, now: house.now)
        house.pass(.zero)
        #expect(house.sink[number].reached == 1 && house.isEmpty)
    }

    @Test("the grace begins when the last byte of a poll's answer has left")
    func graceAfterSlowPoll() {
        let house = TestHouse()
        let outlet = TestOutlet.poll(.partly)
        house.attach(outlet)
        house.publish("1")
        house.pass(.seconds(20))
        outlet.drain(on: house.shard, now: house.now)
        house.pass(.milliseconds(4_999))
        #expect(!house.isEmpty)
        house.pass(.milliseconds(1))
        #expect(house.isEmpty)
    }

    @Test("a queue takes as many events as it may, and fails the next with overflow")
    func count() {
        let house = TestHouse { $0.maxWaiting = 2 }
        let outlet = TestOutlet.stream()
        house.attach(outlet)
        outlet.close(on: house.shard, now: house.now)
        let numbers = ["1", "2", "3"].map { house.publish($0) }
        #expect(numbers.map { house.reason($0) } == [nil, nil, .overflow])
        let next = TestOutlet.stream()
        house.attach(next)
        #expect(next.received == ["1", "2"])
    }

    @Test("a queue takes as many bytes as it may; a smaller event may fit after one that did not")
    func bytes() {
        let house = TestHouse { $0.maxWaitingBytes = 10 }
        let outlet = TestOutlet.stream()
        house.attach(outlet)
        outlet.close(on: house.shard, now: house.now)
        let numbers = ["12345678", "123", "12", "1"].map { house.publish($0) }
        #expect(numbers.map { house.reason($0) } == [nil, .overflow, nil, .overflow])
        let next = TestOutlet.stream()
        house.attach(next)
        next.close(on: house.shard, now: house.now)
        #expect(house.reason(house.publish("1234567890")) == nil, "the room is free again")
    }

    @Test("a recipient that is named twice counts once, whether it is present, away or absent")
    func twice() {
        let house = TestHouse()
        let here = TestOutlet.stream()
        let gone = TestOutlet.stream()
        house.attach(here, "here")
        house.attach(gone, "gone")
        gone.close(on: house.shard, now: house.now)
        let number = house.publish("1", to: ["here", "nobody", "gone", "gone", "nobody", "here"])
        #expect(here.received == ["1"])
        house.pass(.seconds(5))
        #expect(house.sink[number].reached == 1)
        #expect(house.sink[number].unreached.map(\.recipient).sorted() == [1, 2])
    }

    @Test("the same recipient is sent the next event again")
    func twiceIsWithinOneEvent() {
        let house = TestHouse()
        let outlet = TestOutlet.stream()
        house.attach(outlet)
        house.publish("1", to: ["u", "u"])
        house.publish("2", to: ["u", "u"])
        #expect(outlet.received == ["1", "2"])
    }

    @Test("an event without recipients is complete at once")
    func noRecipients() {
        let house = TestHouse()
        let event = Event(body: ByteBuffer(), recipients: [], number: 1, sink: house.sink, time: house.now)
        let routing = house.switchboard.publish(event, caller: nil)
        let receipt = Receipt(event: event, routing: routing)
        #expect(receipt.isComplete && receipt.fates.isEmpty)
        #expect(house.bell.ringing.isEmpty)
    }

    @Test("a receipt lists who was not reached in the order of the event, whenever it became known")
    func receiptOrder() {
        let house = TestHouse()
        let users = ["a", "b", "c", "d"]
        let event = Event(
            body: ByteBuffer(), recipients: users.map(TestHouse.key), number: 1, sink: house.sink, time: house.now)
        var routing = Routing()
        routing.sent = 3
        routing.unreached = [Unreached(recipient: 2, reason: .unreachable)]
        var receipt = Receipt(event: event, routing: routing)
        receipt.take(Report(number: 1, unreached: [Unreached(recipient: 3, reason: .overflow)]))
        receipt.take(Report(number: 1, reached: 1))
        #expect(!receipt.isComplete)
        receipt.take(Report(number: 1, unreached: [Unreached(recipient: 0, reason: .unreachable)]))
        #expect(receipt.isComplete)
        #expect(receipt.fates.map(\.key) == ["a", "c", "d"].map(TestHouse.key))
    }

    @Test("an event whose session ended before the shard saw it fails, even if the key has a new session")
    func staleTarget() {
        let house = TestHouse(shards: 2)
        let old = TestOutlet.stream()
        house.attach(old, to: 0)
        old.close(on: house.shards[0], now: house.now)
        house.now = house.now + .seconds(5)
        let stale = house.post("1")
        house.shards[0].tick(now: house.now)
        let new = TestOutlet.stream()
        house.attach(new, to: 1)
        let fresh = house.post("2")
        house.drain(1)
        house.settle()
        #expect(house.reason(stale) == .unreachable)
        #expect(house.sink[fresh].reached == 1)
        #expect(new.received == ["2"])
    }

    @Test("one turn with many fates is one report an event and one call a sink")
    func batches() {
        let house = TestHouse { $0.maxWaiting = 0 }
        let users = (0..<20).map { "\($0)" }
        for user in users.prefix(10) { house.attach(TestOutlet.stream(), user) }
        for user in users.suffix(10) {
            let outlet = TestOutlet.stream()
            house.attach(outlet, user)
            outlet.close(on: house.shard, now: house.now)
        }
        _ = house.post("1", to: users)
        _ = house.post("2", to: users)
        house.settle()
        #expect(house.sink.counts == (reports: 2, calls: 1))
        #expect(house.sink[2].reached == 10 && house.sink[2].unreached.count == 10)
    }
}
