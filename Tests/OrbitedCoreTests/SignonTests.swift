import NIOCore
import OrbitedWire
import Testing

@testable import OrbitedCore

@Suite("Sign-ons and sign-offs")
struct SignonTests {
    @Test("a session signs on once, and off when its grace is over")
    func once() {
        let house = TestHouse()
        let watch = house.watch("*, *, *")
        let outlet = TestOutlet.stream()
        house.attach(outlet)
        #expect(house.news(watch) == ["+1 u"])
        outlet.close(on: house.shard, now: house.now)
        house.pass(.milliseconds(4_999))
        #expect(house.news(watch) == [])
        house.pass(.milliseconds(1))
        #expect(house.news(watch) == ["-2 u expired"])
        house.attach(TestOutlet.stream())
        #expect(house.news(watch) == ["+3 u"])
    }

    @Test("polls one after the other are one session")
    func polls() {
        let house = TestHouse()
        let watch = house.watch("*, *, *")
        for body in ["a", "b", "c"] {
            house.attach(TestOutlet.poll())
            house.publish(body)
            house.pass(.seconds(4))
        }
        #expect(house.news(watch) == ["+1 u"])
    }

    @Test("a change of transport is no news, nor is a second connection")
    func transports() {
        let house = TestHouse()
        let watch = house.watch("*, *, *")
        for outlet in [TestOutlet.cursors(), .iframe(), .poll(), .poll(), .cursors(), .cursors()] {
            house.attach(outlet)
        }
        house.pass(.seconds(3))
        #expect(house.news(watch) == ["+1 u"])
    }

    @Test("a move to another shard is no news, however the shards take turns")
    func moves() {
        for order in MovingTests.orders(shards: 3, length: 5) {
            let house = TestHouse(shards: 3)
            let watch = house.watch("*, *, *")
            for (index, shard) in order.enumerated() {
                house.attach(index == 1 ? TestOutlet.poll() : TestOutlet.stream(), to: index % 3)
                house.drain(shard)
            }
            house.settle()
            #expect(house.news(watch) == ["+1 u"], "\(order)")
        }
    }

    @Test("how a session ended is told")
    func reasons() {
        let house = TestHouse()
        let watch = house.watch("*, *, *")
        for user in ["a", "b", "c"] { house.attach(TestOutlet.stream(), user) }
        _ = house.switchboard.close(Recipients(["b, 0, /l"]), reason: "")
        house.settle()
        house.shard.close(now: house.now)
        let news = house.news(watch)
        #expect(news.prefix(4) == ["+1 a", "+2 b", "+3 c", "-4 b closed"])
        #expect(Set(news.dropFirst(4).map { $0.dropFirst(3) }) == ["a shutdown", "c shutdown"])
    }

    @Test("the ids of what waited are told as missed, and of what was not acknowledged as unconfirmed, in order")
    func ids() {
        let house = TestHouse()
        let watch = house.watch("*, *, *")
        let outlet = TestOutlet.cursors()
        house.attach(outlet)
        for id in ["a", "b", "c"] { house.publish(id, terms: id == "b" ? .word : nil) }
        house.acknowledge(1)
        house.settle()
        let stuck = TestOutlet.stuck()
        house.attach(stuck, comeback: .seen(1))
        for id in ["d", "e"] { house.publish(id) }
        stuck.close(on: house.shard, now: house.now)
        house.pass(.seconds(6))
        #expect(
            house.signoffs(watch) == [Notice.Signoff(reason: .expired, missed: ["d", "e"], unconfirmed: ["b", "c"])])
    }

    @Test("what was written on a transport without cursors, or has expired, is neither")
    func neither() {
        let house = TestHouse()
        let watch = house.watch("*, *, *")
        let outlet = TestOutlet.iframe()
        house.attach(outlet)
        house.publish("a")
        outlet.close(on: house.shard, now: house.now)
        house.publish("b", terms: .ttl(1))
        house.pass(.seconds(6))
        #expect(house.signoffs(watch) == [Notice.Signoff(reason: .expired)])
    }

    @Test("at most a thousand ids of each are told, the oldest")
    func bounded() {
        let house = TestHouse {
            $0.maxWaiting = 2_000
            $0.maxReplay = 2_000
        }
        let watch = house.watch("*, *, *")
        let outlet = TestOutlet.cursors()
        house.attach(outlet)
        for number in 0..<1_001 { house.publish("\(number)") }
        outlet.close(on: house.shard, now: house.now)
        for number in 2_000..<3_001 { house.publish("\(number)") }
        house.pass(.seconds(6))
        let expected = Notice.Signoff(
            reason: .expired, missed: (2_000..<3_000).map { "\($0)" }, unconfirmed: (0..<1_000).map { "\($0)" })
        #expect(house.signoffs(watch) == [expected])
    }

    @Test("a session that is closed just before it moves signs off with what it missed, and on again")
    func closedAndMoved() {
        let house = TestHouse(shards: 2)
        let watch = house.watch("*, *, *")
        let outlet = TestOutlet.stream()
        house.attach(outlet)
        outlet.close(on: house.shard, now: house.now)
        house.publish("a")
        _ = house.switchboard.close(Recipients(["*, *, *"]), reason: "")
        house.attach(TestOutlet.stream(), to: 1)
        house.settle()
        #expect(house.news(watch) == ["+1 u", "-2 u closed", "+3 u"])
        #expect(house.switchboard.sessionCount == 1)
    }

    @Test("one that is closed on its way signs off once, with what it missed, however the shards take turns")
    func closedOnItsWay() {
        for order in MovingTests.orders(shards: 2, length: 3) {
            let house = TestHouse(shards: 2)
            let outlet = TestOutlet.stream()
            house.attach(outlet)
            outlet.close(on: house.shard, now: house.now)
            house.publish("a")
            let watch = house.watch("*, *, *")
            house.attach(TestOutlet.stuck(), to: 1)
            _ = house.switchboard.close(Recipients(["*, *, *"]), reason: "")
            for shard in order { house.drain(shard) }
            house.settle()
            #expect(house.signoffs(watch) == [Notice.Signoff(reason: .closed, missed: ["a"])], "\(order)")
        }
    }
}
