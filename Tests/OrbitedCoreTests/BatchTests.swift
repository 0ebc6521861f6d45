import NIOCore
import Testing

@testable import OrbitedCore

@Suite("Batches")
struct BatchTests {
    private func poll(_ script: WriteOutcome...) -> TestOutlet { TestOutlet(.batch, script: script) }

    private func mark(_ serial: UInt64, gap: Bool = false) -> TestOutlet.Frame {
        .mark(Mark(cursor: TestHouse.cursor(serial), isGap: gap))
    }

    private func after(_ serial: UInt64) -> Comeback { .after(TestHouse.cursor(serial)) }

    @Test("the first one is answered at once, so that its browser knows where it stands")
    func first() {
        let house = TestHouse()
        let outlet = poll()
        house.attach(outlet)
        #expect(outlet.frames == [[mark(0)]])
    }

    @Test("the next one waits, and gets all that came in one turn")
    func waits() {
        let house = TestHouse()
        house.attach(poll())
        let outlet = poll()
        house.attach(outlet, comeback: after(0))
        #expect(outlet.frames.isEmpty)
        let numbers = ["a", "b"].map { house.post($0) }
        house.settle()
        #expect(outlet.frames == [[.event("a", serial: 1), .event("b", serial: 2), mark(2)]])
        for number in numbers { #expect(house.sink[number] == TestSink.Fates(reached: 1)) }
    }

    @Test("a response that was lost is given again")
    func again() {
        let house = TestHouse()
        house.attach(poll(), comeback: after(0))
        house.publish("a")
        let second = poll()
        house.attach(second, comeback: after(0))
        #expect(second.frames == [[.event("a", serial: 1), mark(1)]])
        let third = poll()
        house.attach(third, comeback: after(1))
        #expect(third.frames.isEmpty)
        house.publish("b")
        #expect(third.received == ["b"])
    }

    @Test("one that waited long enough is answered empty, and its session lives on for the grace")
    func timeout() {
        let house = TestHouse()
        let outlet = poll()
        house.attach(outlet, comeback: after(0))
        house.pass(.seconds(31))
        #expect(outlet.frames == [[mark(0)]])
        house.publish("a")
        let next = poll()
        house.attach(next, comeback: after(0))
        #expect(next.received == ["a"])
        house.pass(.seconds(60))
        #expect(house.isEmpty)
    }

    @Test("a newer one takes over")
    func replaced() {
        let house = TestHouse()
        let older = poll()
        house.attach(older, comeback: after(0))
        house.attach(poll(), comeback: after(0))
        #expect(older.endReason == .replaced)
    }

    @Test("a gap ends a batch, and begins the next")
    func gap() {
        let house = TestHouse { $0.maxWaiting = 2 }
        house.attach(poll())
        for body in ["a", "b", "lost"] { house.publish(body) }
        let second = poll()
        house.attach(second, comeback: after(0))
        #expect(second.frames == [[.event("a", serial: 1), .event("b", serial: 2), mark(2)]])
        house.publish("c")
        let third = poll()
        house.attach(third, comeback: after(2))
        #expect(third.frames == [[mark(4, gap: true), .event("c", serial: 4), mark(4)]])
    }

    @Test("one whose browser goes in the middle of it is given again, and its events are not told twice")
    func broken() {
        let house = TestHouse()
        let first = poll(.partly)
        house.attach(first, comeback: after(0))
        let numbers = ["a", "b"].map { house.post($0) }
        house.settle()
        first.close(on: house.shard, now: house.now)
        let second = poll(.partly)
        house.attach(second, comeback: after(0))
        #expect(second.received == [])
        second.drain(on: house.shard, now: house.now)
        #expect(second.received == ["a", "b"])
        for number in numbers { #expect(house.sink[number] == TestSink.Fates(reached: 1)) }
    }

    @Test("one that moves to another shard is answered there")
    func moves() {
        let house = TestHouse(shards: 2)
        house.attach(poll(), to: 0, comeback: after(0))
        house.publish("a")
        let second = poll()
        house.attach(second, to: 1, comeback: after(0))
        #expect(second.frames.isEmpty)
        house.settle()
        #expect(second.received == ["a"])
        let third = poll()
        house.attach(third, to: 0, comeback: after(1))
        house.settle()
        #expect(third.frames.isEmpty)
        house.publish("b")
        #expect(third.received == ["b"])
    }

    @Test("one that takes nothing is dropped")
    func stalled() {
        let house = TestHouse()
        let outlet = poll(.partly)
        house.attach(outlet, comeback: after(0))
        let number = house.publish("a")
        house.pass(.seconds(31))
        #expect(outlet.endReason == .stalled)
        house.pass(.seconds(10))
        #expect(house.reason(number) == .unreachable)
    }
}
