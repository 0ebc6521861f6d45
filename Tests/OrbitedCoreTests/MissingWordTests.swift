import NIOCore
import OrbitedWire
import Testing

@testable import OrbitedCore

@Suite("The browser's word that does not come")
struct MissingWordTests {
    /// Whatever happens later, a fate is not told again.
    private func end(_ house: TestHouse) {
        house.acknowledge(9)
        house.pass(.seconds(300))
        for shard in house.shards { shard.abort(now: house.now) }
    }

    @Test(
        "on a transport without cursors an event is unconfirmed when it is written",
        arguments: [OutletKind.stream, .poll])
    func withoutCursors(kind: OutletKind) {
        let house = TestHouse()
        house.attach(TestOutlet(kind, transport: "old"))
        let event = house.publish("a", terms: .word)
        #expect(house.sink[event] == .failed(.unconfirmed))
        end(house)
        #expect(house.sink[event] == .failed(.unconfirmed))
    }

    @Test("so it is if it had left in part before")
    func withoutCursorsPartly() {
        let house = TestHouse()
        let outlet = TestOutlet.iframe(.partly)
        house.attach(outlet)
        let event = house.publish("a", terms: .word)
        #expect(house.sink[event] == TestSink.Fates())
        outlet.drain(on: house.shard, now: house.now)
        #expect(house.sink[event] == .failed(.unconfirmed))
    }

    @Test("so it is if such a transport sends it again, or sends what comes after it", arguments: [0, 1])
    func goesOnWithoutCursors(seen: UInt64) {
        let house = TestHouse()
        house.attach(TestOutlet.cursors())
        let events = [house.publish("a"), house.publish("b", terms: .word)]
        house.attach(TestOutlet.iframe(), comeback: .seen(seen))
        #expect(house.sink[events[1]] == .failed(.unconfirmed))
        house.publish("c")
        end(house)
        #expect(house.sink[events[0]] == .reached && house.sink[events[1]] == .failed(.unconfirmed))
    }

    @Test("an event is unconfirmed when more events are kept than may be", arguments: [0, 1, 2])
    func count(kept: Int) {
        let house = TestHouse { $0.maxReplay = kept }
        house.attach(TestOutlet.cursors())
        let events = ["a", "b", "c"].map { house.publish($0, terms: .word) }
        let dropped = 3 - kept
        for event in events[..<dropped] { #expect(house.sink[event] == .failed(.unconfirmed)) }
        for event in events[dropped...] { #expect(house.sink[event] == TestSink.Fates()) }
        house.acknowledge(3)
        house.settle()
        for event in events[dropped...] { #expect(house.sink[event] == .reached) }
    }

    @Test("so it is when more bytes are kept than may be")
    func bytes() {
        let house = TestHouse { $0.maxReplayBytes = 3 }
        house.attach(TestOutlet.cursors())
        let events = ["aa", "bb"].map { house.publish($0, terms: .word) }
        #expect(house.sink[events[0]] == .failed(.unconfirmed) && house.sink[events[1]] == TestSink.Fates())
    }

    @Test("so it is when it is too old to be sent again")
    func age() {
        let house = TestHouse { $0.replayAge = .seconds(60) }
        house.attach(TestOutlet.cursors())
        let event = house.publish("a", terms: .word)
        house.pass(.seconds(50))
        #expect(house.sink[event] == TestSink.Fates())
        house.pass(.seconds(50))
        #expect(house.sink[event] == .failed(.unconfirmed))
        end(house)
        #expect(house.sink[event] == .failed(.unconfirmed))
    }

    @Test("so it is when the session ends, while one that still waited is unreachable")
    func sessionEnds() {
        let house = TestHouse()
        let outlet = TestOutlet.cursors()
        house.attach(outlet)
        let written = house.publish("a", terms: .word)
        outlet.close(on: house.shard, now: house.now)
        let waiting = house.publish("b", terms: .word)
        house.pass(.seconds(6))
        #expect(house.sink[written] == .failed(.unconfirmed))
        #expect(house.sink[waiting] == .failed(.unreachable))
        end(house)
        #expect(house.sink[written] == .failed(.unconfirmed))
    }

    @Test("so it is when the session ends while it waits to be sent again")
    func endsBeforeAgain() {
        let house = TestHouse()
        house.attach(TestOutlet.cursors())
        let event = house.publish("a", terms: .word)
        let stuck = TestOutlet.stuck()
        house.attach(stuck, comeback: .seen(0))
        stuck.close(on: house.shard, now: house.now)
        house.pass(.seconds(6))
        #expect(house.sink[event] == .failed(.unconfirmed))
    }

    @Test("so it is when the server shuts down", arguments: [true, false])
    func shutdown(isAborted: Bool) {
        let house = TestHouse()
        house.attach(TestOutlet.cursors())
        let event = house.publish("a", terms: .word)
        if isAborted { house.shard.abort(now: house.now) } else { house.shard.close(now: house.now) }
        #expect(house.sink[event] == .failed(.unconfirmed) && house.isEmpty)
    }

    @Test("so it is when a browser begins anew")
    func anew() {
        let house = TestHouse()
        house.attach(TestOutlet.cursors())
        let event = house.publish("a", terms: .word)
        house.attach(TestOutlet.cursors())
        #expect(house.sink[event] == .failed(.unconfirmed))
        end(house)
        #expect(house.sink[event] == .failed(.unconfirmed))
    }

    @Test("after one that began anew, another one that comes back with its cursor misses nothing")
    func anewAndBack() {
        let house = TestHouse()
        house.attach(TestOutlet.cursors())
        for body in ["a", "b"] { house.publish(body, terms: .word) }
        house.attach(TestOutlet.cursors())
        let back = TestOutlet.cursors()
        house.attach(back, comeback: .seen(1))
        #expect(back.story == ["b"])
    }

    @Test("an event that finds no room, or whose tries are used up, has its own reason")
    func otherReasons() {
        let house = TestHouse {
            $0.maxWaiting = 1
            $0.retryLimit = 0
        }
        house.attach(TestOutlet.cursors(.failed))
        let broken = house.publish("a", terms: .word)
        #expect(house.sink[broken] == .failed(.unreachable))
        house.publish("b", terms: .word)
        let excess = house.publish("c", terms: .word)
        #expect(house.sink[excess] == .failed(.overflow))
    }
}
