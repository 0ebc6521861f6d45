import NIOCore
import Testing

@testable import OrbitedCore

@Suite("Several connections with one key")
struct TakeoverTests {
    @Test("a second stream of the same transport replaces the first, wherever it connects", arguments: [0, 1])
    func replaced(shard: Int) {
        let house = TestHouse(shards: 2)
        let first = TestOutlet.stream()
        let second = TestOutlet.stream()
        house.attach(first)
        house.attach(second, to: shard)
        house.settle()
        #expect(first.endReason == .replaced && first.ends == 1)
        house.publish("1")
        #expect(first.given.isEmpty && second.received == ["1"])
        #expect(house.switchboard.sessionCount == 1)
    }

    @Test("a stream of another transport switches, wherever it connects", arguments: [0, 1])
    func switched(shard: Int) {
        let house = TestHouse(shards: 2)
        let first = TestOutlet.stream(transport: "sse")
        let second = TestOutlet.stream(transport: "iframe")
        house.attach(first)
        house.attach(second, to: shard)
        house.settle()
        #expect(first.endReason == .switched && first.ends == 1)
        house.publish("1")
        #expect(second.received == ["1"])
    }

    @Test("a poll switches from a stream, and a stream from all polls", arguments: [0, 1])
    func kinds(shard: Int) {
        let house = TestHouse(shards: 2)
        let stream = TestOutlet.stream()
        house.attach(stream)
        let polls = [TestOutlet.poll(), TestOutlet.poll()]
        for poll in polls { house.attach(poll, to: shard) }
        house.settle()
        #expect(stream.endReason == .switched)
        house.attach(TestOutlet.stream())
        house.settle()
        #expect(polls.allSatisfy { $0.endReason == .switched && $0.ends == 1 })
    }

    @Test("what was in flight on a stream that is replaced is written whole on the new one", arguments: [0, 1])
    func inFlight(shard: Int) {
        let house = TestHouse(shards: 2)
        let first = TestOutlet.stream(.partly)
        house.attach(first)
        let numbers = ["1", "2"].map { house.publish($0) }
        let second = TestOutlet.stream()
        house.attach(second, to: shard)
        house.settle()
        first.drain(on: house.shard, now: house.now)
        #expect(second.received == ["1", "2"])
        #expect(numbers.allSatisfy { house.sink[$0] == TestSink.Fates(reached: 1) })
    }

    @Test("polls queue beside each other, and each event goes to the one that waited longest")
    func queue() {
        let house = TestHouse()
        let polls = (0..<3).map { _ in TestOutlet.poll() }
        for poll in polls { house.attach(poll) }
        for body in ["1", "2", "3", "4"] { house.publish(body) }
        #expect(polls.map(\.received) == [["1"], ["2"], ["3"]])
        let late = TestOutlet.poll()
        house.attach(late)
        #expect(late.received == ["4"])
    }

    @Test("the fifth poll frees the oldest")
    func fifth() {
        let house = TestHouse()
        let polls = (0..<6).map { _ in TestOutlet.poll() }
        for poll in polls { house.attach(poll) }
        #expect(polls.map(\.endReason) == [.timeout, .timeout, nil, nil, nil, nil])
        house.publish("1")
        #expect(polls[2].received == ["1"])
    }

    @Test("each poll is answered empty after its own time, and not before")
    func timeout() {
        let house = TestHouse()
        let first = TestOutlet.poll()
        let second = TestOutlet.poll()
        house.attach(first)
        house.pass(.seconds(10))
        house.attach(second)
        house.pass(.milliseconds(19_999))
        #expect(first.endReason == nil)
        house.pass(.milliseconds(1))
        #expect(first.endReason == .timeout && second.endReason == nil)
        house.pass(.seconds(10))
        #expect(second.endReason == .timeout)
        house.pass(.milliseconds(4_999))
        #expect(!house.isEmpty)
        house.pass(.milliseconds(1))
        #expect(house.isEmpty)
    }

    @Test("a poll that its browser closed is given nothing")
    func closedPoll() {
        let house = TestHouse()
        let polls = [TestOutlet.poll(), TestOutlet.poll()]
        for poll in polls { house.attach(poll) }
        polls[0].close(on: house.shard, now: house.now)
        house.publish("1")
        #expect(polls[0].given.isEmpty && polls[1].received == ["1"])
    }

    @Test("a stream that takes over from a poll in flight waits for it, and is not lost")
    func streamAfterSlowPoll() {
        let house = TestHouse()
        let poll = TestOutlet.poll(.partly)
        house.attach(poll)
        house.publish("1")
        let stream = TestOutlet.stream()
        house.attach(stream)
        house.publish("2")
        #expect(stream.given.isEmpty)
        poll.drain(on: house.shard, now: house.now)
        #expect(stream.received == ["2"])
        house.publish("3")
        #expect(stream.received == ["2", "3"])
    }

    @Test("an event that had left in part goes to the stream that takes over, and that is no failed try")
    func takeoverInMidEvent() {
        let house = TestHouse { $0.retryLimit = 0 }
        let first = TestOutlet.stream(.partly)
        let second = TestOutlet.stream()
        house.attach(first)
        let number = house.publish("1")
        house.attach(second)
        #expect(first.endReason == .replaced && second.received == ["1"])
        #expect(house.sink[number].reached == 1 && house.sink[number].count == 1)
    }

    @Test("a browser that sees its response begin is reachable already")
    func reachableFromTheBeginning() {
        let house = TestHouse()
        let stream = TestOutlet.stream()
        var number: UInt64?
        stream.onBegin = {
            number = house.post("1")
            return .written
        }
        house.attach(stream)
        house.settle()
        #expect(stream.received == ["1"] && number.map { house.sink[$0].reached } == 1)
    }

    @Test("a stream that breaks at its beginning leaves a session that waits for the next")
    func brokenBeginning() {
        let house = TestHouse()
        let broken = TestOutlet.stream()
        broken.onBegin = { .failed }
        house.attach(broken)
        house.publish("1")
        let next = TestOutlet.stream()
        house.attach(next)
        #expect(broken.given.isEmpty && next.received == ["1"])
    }

    @Test("a replaced stream that closes later does not end the session")
    func lateClose() {
        let house = TestHouse()
        let first = TestOutlet.stream()
        let second = TestOutlet.stream()
        house.attach(first)
        house.attach(second)
        house.shard.outletClosed(first, now: house.now)
        house.publish("1")
        #expect(second.received == ["1"])
        house.pass(.seconds(10))
        #expect(!house.isEmpty)
    }
}
