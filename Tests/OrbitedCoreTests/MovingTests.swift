import NIOCore
import Testing

@testable import OrbitedCore

@Suite("Sessions that move from shard to shard")
struct MovingTests {
    /// Every order in which so many shards can be drained so many times.
    static func orders(shards: Int, length: Int) -> [[Int]] {
        (0..<length).reduce([[]]) { orders, _ in orders.flatMap { order in (0..<shards).map { order + [$0] } } }
    }

    static let kinds: [[OutletKind]] = [
        [.stream, .stream, .stream], [.poll, .stream, .stream], [.stream, .poll, .stream], [.stream, .stream, .poll],
    ]

    @Test(
        "one piece of mail goes to each shard, however many recipients it has",
        arguments: 1...3)
    func onePiece(shards: Int) {
        let house = TestHouse(shards: shards)
        let users = (0..<12).map { "\($0)" }
        for (index, user) in users.enumerated() { house.attach(TestOutlet.stream(), user, to: index % shards) }
        let number = house.post("1", to: users)
        #expect(house.bell.ringing == Array(0..<shards))
        for shard in 0..<shards { #expect(house.switchboard.takeMailAndPutBack(of: shard) == 1) }
        house.settle()
        #expect(house.sink[number] == TestSink.Fates(reached: 12))
    }

    @Test("a shard is woken once until it drains")
    func woken() {
        let house = TestHouse()
        house.attach(TestOutlet.stream())
        _ = house.post("1")
        house.bell.answer(0)
        _ = house.post("2")
        #expect(house.bell.ringing.isEmpty)
        house.drain(0)
        _ = house.post("3")
        #expect(house.bell.ringing == [0])
    }

    @Test("events before, between and after a move arrive once and in order, however the shards take turns")
    func move() {
        for order in Self.orders(shards: 2, length: 6) {
            for isAway in [false, true] {
                let house = TestHouse(shards: 2)
                let first = TestOutlet.stream()
                house.attach(first)
                if isAway { first.close(on: house.shard, now: house.now) }
                var numbers = ["1", "2"].map { house.post($0) }
                house.drain(order[0])
                let second = TestOutlet.stream()
                house.attach(second, to: 1)
                numbers.append(house.post("3"))
                house.drain(order[1])
                house.drain(order[2])
                numbers.append(house.post("4"))
                for shard in order[3...] { house.drain(shard) }
                house.settle()
                numbers.append(house.publish("5"))
                #expect(first.received + second.received == ["1", "2", "3", "4", "5"], "\(order) \(isAway)")
                #expect(numbers.allSatisfy { house.sink[$0] == TestSink.Fates(reached: 1) }, "\(order) \(isAway)")
            }
        }
    }

    @Test("a chain of moves while events are arriving keeps them all, once and in order", arguments: kinds)
    func chain(kinds: [OutletKind]) {
        for order in Self.orders(shards: 3, length: 5) {
            let house = TestHouse(shards: 3)
            let outlets = kinds.map { TestOutlet($0) }
            house.attach(outlets[0])
            outlets[0].close(on: house.shard, now: house.now)
            var numbers = [house.post("1")]
            house.drain(order[0])
            house.attach(outlets[1], to: 1)
            numbers.append(house.post("2"))
            house.drain(order[1])
            house.attach(outlets[2], to: 2)
            numbers.append(house.post("3"))
            for shard in order[2...] { house.drain(shard) }
            house.settle()
            let last = TestOutlet.stream()
            house.attach(last, to: 0)
            house.settle()
            #expect(outlets.flatMap(\.received) + last.received == ["1", "2", "3"], "\(order)")
            #expect(numbers.allSatisfy { house.sink[$0] == TestSink.Fates(reached: 1) }, "\(order)")
            #expect(house.switchboard.sessionCount == 1)
        }
    }

    @Test("a session that goes away and comes back before its mail was read keeps its events, once and in order")
    func back() {
        for order in Self.orders(shards: 2, length: 5) {
            let house = TestHouse(shards: 2)
            let outlets = (0..<4).map { _ in TestOutlet.stream() }
            var numbers: [UInt64] = []
            for (index, outlet) in outlets.enumerated() {
                house.attach(outlet, to: index % 2)
                numbers.append(house.post("\(index)"))
                house.drain(order[index])
            }
            house.drain(order[4])
            house.settle()
            #expect(outlets.flatMap(\.received) == ["0", "1", "2", "3"], "\(order)")
            #expect(numbers.allSatisfy { house.sink[$0] == TestSink.Fates(reached: 1) }, "\(order)")
            #expect(outlets.map(\.endReason) == [.replaced, .replaced, .replaced, nil], "\(order)")
        }
    }

    @Test("a session does not move before its poll in flight is through, and its event keeps its place")
    func pollInFlight() {
        let house = TestHouse(shards: 2)
        let slow = TestOutlet.poll(.partly)
        house.attach(slow)
        let first = house.publish("1")
        let next = TestOutlet.poll()
        house.attach(next, to: 1)
        let second = house.publish("2")
        #expect(next.given.isEmpty)
        slow.close(on: house.shards[0], now: house.now)
        house.settle()
        #expect(next.received == ["1"])
        house.attach(TestOutlet.poll(), to: 1)
        #expect(house.sink[first].reached == 1 && house.sink[second].reached == 1)
    }

    @Test("a session whose poll in flight never ends moves when the write time-out is over")
    func pollStalls() {
        let house = TestHouse(shards: 2)
        let slow = TestOutlet.poll(.partly)
        house.attach(slow)
        house.publish("1")
        let next = TestOutlet.stream()
        house.attach(next, to: 1)
        house.publish("2")
        house.pass(.seconds(30))
        #expect(slow.endReason == .stalled)
        #expect(next.received == ["1", "2"])
        #expect(house.shards[0].isEmpty)
    }

    @Test("too many events at the new place fail when the older ones arrive")
    func boundsAfterMove() {
        let house = TestHouse(shards: 2) { $0.maxWaiting = 2 }
        let first = TestOutlet.stream()
        house.attach(first)
        first.close(on: house.shards[0], now: house.now)
        let old = house.publish("1")
        let stalled = TestOutlet.stream()
        stalled.isDrained = false
        house.attach(stalled, to: 1)
        let new = ["2", "3"].map { house.post($0) }
        house.drain(1)
        house.settle()
        stalled.drain(on: house.shards[1], now: house.now)
        #expect(stalled.received == ["1", "2"])
        #expect(house.sink[old].reached == 1)
        #expect(new.map { house.reason($0) } == [nil, .overflow])
    }

    @Test("polls that a move leaves behind sleep for half the grace, and call nothing back")
    func dormant() {
        let house = TestHouse(shards: 2)
        let first = TestOutlet.poll()
        let second = TestOutlet.poll()
        house.attach(first, to: 0)
        house.pass(.seconds(10))
        house.attach(second, to: 1)
        house.settle()
        #expect(first.endReason == nil)
        house.publish("1")
        #expect(first.given.isEmpty && second.received == ["1"])
        house.pass(.milliseconds(2_499))
        #expect(first.endReason == nil)
        house.pass(.milliseconds(1))
        #expect(first.endReason == .timeout && first.ends == 1)
    }

    @Test("a sleeping poll ends no later than its own time")
    func dormantTimeout() {
        let house = TestHouse(shards: 2)
        let first = TestOutlet.poll()
        house.attach(first, to: 0)
        house.pass(.seconds(29))
        house.attach(TestOutlet.poll(), to: 1)
        house.settle()
        house.pass(.milliseconds(999))
        #expect(first.endReason == nil)
        house.pass(.milliseconds(1))
        #expect(first.endReason == .timeout)
    }

    @Test("a browser whose poll slept is back before the session ends for want of the other")
    func wakesInTime() {
        let house = TestHouse(shards: 2)
        let first = TestOutlet.poll()
        let second = TestOutlet.poll()
        house.attach(first, to: 0)
        house.attach(second, to: 1)
        house.settle()
        second.close(on: house.shards[1], now: house.now)
        let event = house.publish("1")
        house.pass(.milliseconds(2_500))
        #expect(first.endReason == .timeout)
        let again = TestOutlet.poll()
        house.attach(again, to: 0)
        house.settle()
        #expect(again.received == ["1"] && house.sink[event].reached == 1)
    }

    @Test("sleeping polls end in the order of their times, whichever session moved first")
    func dormantOrder() {
        let house = TestHouse(shards: 2)
        let early = TestOutlet.poll()
        let late = TestOutlet.poll()
        house.attach(early, "a", to: 0)
        house.pass(.seconds(29))
        house.attach(late, "b", to: 0)
        for user in ["b", "a"] {
            house.attach(TestOutlet.poll(), user, to: 1)
            house.settle()
        }
        house.pass(.seconds(1))
        #expect(early.endReason == .timeout && late.endReason == nil)
        house.pass(.seconds(2))
        #expect(late.endReason == .timeout)
    }

    @Test("two browsers that poll on two shards do not chase each other", arguments: [2, 3])
    func chase(shards: Int) {
        let house = TestHouse(shards: shards)
        var answered = 0
        var polls: [TestOutlet?] = Array(repeating: nil, count: shards)
        for _ in 0..<20 {
            for shard in 0..<shards where polls[shard]?.isOpen != true {
                if polls[shard] != nil { answered += 1 }
                let poll = TestOutlet.poll()
                polls[shard] = poll
                house.attach(poll, to: shard)
            }
            if shards == 2 { house.settle() }
        }
        house.settle()
        #expect(answered == 0)
    }

    @Test("a sleeping poll that its browser closes is forgotten")
    func closedDormant() {
        let house = TestHouse(shards: 2)
        let first = TestOutlet.poll()
        house.attach(first, to: 0)
        house.attach(TestOutlet.stream(), "other", to: 1)
        house.attach(TestOutlet.poll(), to: 1)
        house.settle()
        first.close(on: house.shards[0], now: house.now)
        #expect(house.shards[0].nextDeadline.map { $0 > house.now + .seconds(30) } ?? true || house.shards[0].isEmpty)
        house.pass(.seconds(30))
        #expect(first.endReason == nil)
    }
}

extension Switchboard {
    /// How many pieces of mail lie in a shard's box.
    fileprivate func takeMailAndPutBack(of shard: Int) -> Int {
        var mail: [Mail] = []
        takeMail(of: shard, for: &mail)
        for piece in mail { post(piece, to: shard) }
        return mail.count
    }
}
