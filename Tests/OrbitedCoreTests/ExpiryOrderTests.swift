import NIOCore
import OrbitedWire
import Testing

@testable import OrbitedCore

@Suite("What a browser hears of events that expired")
struct ExpiryOrderTests {
    /// Lets events wait, some of which expire, and answers what the browser gets that comes back.
    private func story(of events: [(String, ttl: Int?)], after seconds: Int64) -> [String] {
        let house = TestHouse()
        let outlet = TestOutlet.cursors()
        house.attach(outlet)
        outlet.close(on: house.shard, now: house.now)
        for (body, ttl) in events { house.publish(body, terms: EventFrame.Terms(ttl: ttl)) }
        house.pass(.seconds(seconds))
        let back = TestOutlet.cursors()
        house.attach(back, comeback: .seen(0))
        return back.story
    }

    @Test("it is told a gap in the place of the event")
    func between() {
        #expect(story(of: [("a", nil), ("b", 1), ("c", nil)], after: 2) == ["a", "-", "c"])
    }

    @Test("it is told a gap at the beginning, and at the end")
    func ends() {
        #expect(story(of: [("a", 1), ("b", nil)], after: 2) == ["-", "b"])
        #expect(story(of: [("a", nil), ("b", 1)], after: 2) == ["a", "-"])
    }

    @Test("events that expired one after the other are one gap")
    func neighbours() {
        #expect(story(of: [("a", 1), ("b", 2), ("c", 1), ("d", 4)], after: 3) == ["-", "d"])
    }

    @Test("those that stay keep their order, whichever expire first")
    func order() {
        let events: [(String, ttl: Int?)] = [("a", 4), ("b", 1), ("c", nil), ("d", 3), ("e", 2), ("f", 9)]
        #expect(story(of: events, after: 0) == ["a", "b", "c", "d", "e", "f"])
        #expect(story(of: events, after: 1) == ["a", "-", "c", "d", "e", "f"])
        #expect(story(of: events, after: 2) == ["a", "-", "c", "d", "-", "f"])
        #expect(story(of: events, after: 4) == ["-", "c", "-", "f"])
    }

    @Test("room that expired events took is free again")
    func room() {
        let house = TestHouse {
            $0.maxWaiting = 2
            $0.maxWaitingBytes = 4
        }
        let outlet = TestOutlet.cursors()
        house.attach(outlet)
        outlet.close(on: house.shard, now: house.now)
        for body in ["aa", "bb"] { house.publish(body, terms: .ttl(1)) }
        house.pass(.seconds(2))
        let events = ["cc", "dd"].map { house.publish($0) }
        let back = TestOutlet.cursors()
        house.attach(back, comeback: .seen(0))
        #expect(back.story == ["-", "cc", "dd"])
        for event in events { #expect(house.sink[event] == .reached) }
    }

    @Test("an event that waits on its way to another shard expires there, and is told as a gap")
    func moving() {
        for order in MovingTests.orders(shards: 2, length: 3) {
            let house = TestHouse(shards: 2)
            let outlet = TestOutlet.cursors()
            house.attach(outlet)
            outlet.close(on: house.shard, now: house.now)
            let events = [house.publish("a", terms: .ttl(2)), house.publish("b")]
            let stuck = TestOutlet.stuck()
            house.attach(stuck, to: 1, comeback: .seen(0))
            for shard in order { house.drain(shard) }
            house.settle()
            house.pass(.seconds(3))
            #expect(house.sink[events[0]] == .failed(.expired), "\(order)")
            stuck.drain(on: house.shards[1], now: house.now)
            #expect(stuck.story == ["-", "b"] && house.sink[events[1]] == .reached, "\(order)")
        }
    }
}
