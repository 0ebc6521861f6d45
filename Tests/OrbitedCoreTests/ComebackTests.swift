import NIOCore
import Testing

@testable import OrbitedCore

@Suite("Browsers that come back with a cursor")
struct ComebackTests {
    private func stream(_ script: WriteOutcome...) -> TestOutlet {
        TestOutlet(.stream, hasCursors: true, script: script)
    }

    private func mark(_ serial: UInt64, gap: Bool = false) -> TestOutlet.Frame {
        .mark(Mark(cursor: TestHouse.cursor(serial), isGap: gap))
    }

    private func after(_ serial: UInt64) -> Comeback { .after(TestHouse.cursor(serial)) }

    @Test("one that begins anew is told where it stands before any event")
    func begin() {
        let house = TestHouse()
        house.publish("before", to: ["nobody"])
        let outlet = stream()
        house.attach(outlet)
        house.publish("a")
        #expect(outlet.frames == [[mark(1)], [.event("a", serial: 2)]])
    }

    @Test("what it has not seen is sent again, in order, and its fate is told once")
    func replay() {
        let house = TestHouse()
        let first = stream()
        house.attach(first)
        let numbers = ["a", "b", "c"].map { house.publish($0) }
        first.close(on: house.shard, now: house.now)
        house.publish("d")
        let second = stream()
        house.attach(second, comeback: after(1))
        #expect(second.received == ["b", "c", "d"])
        #expect(second.frames.first == [mark(1)])
        for number in numbers { #expect(house.sink[number] == TestSink.Fates(reached: 1)) }
    }

    @Test("on another shard, too, also if an event is published while the session moves")
    func replayElsewhere() {
        let house = TestHouse(shards: 2)
        let first = stream()
        house.attach(first, to: 0)
        house.publish("a")
        house.publish("b")
        let second = stream()
        house.attach(second, to: 1, comeback: after(1))
        #expect(second.frames.isEmpty, "it is not known yet where it stands")
        _ = house.post("c")
        house.settle()
        #expect(second.received == ["b", "c"])
        #expect(second.frames.first == [mark(1)])
    }

    @Test("what it acknowledged is not kept, nor sent again")
    func acknowledged() {
        let house = TestHouse()
        let first = stream()
        house.attach(first)
        for body in ["a", "b", "c"] { house.publish(body) }
        house.switchboard.acknowledge(TestHouse.cursor(2), of: TestHouse.key())
        house.settle()
        let second = stream()
        house.attach(second, comeback: after(1))
        #expect(
            second.frames == [[mark(2, gap: true)], [.event("c", serial: 3)]],
            "its cursor is older than what it thanked for")
        house.shard.acknowledge(TestHouse.cursor(3), by: second)
        let third = stream()
        house.attach(third, comeback: after(3))
        #expect(third.frames == [[mark(3)]])
    }

    @Test("one without a cursor after events that nobody acknowledged is told a gap")
    func anewAfterEvents() {
        let house = TestHouse()
        house.attach(stream())
        house.publish("a")
        let second = stream()
        house.attach(second)
        #expect(second.frames == [[mark(1, gap: true)]])
        house.shard.acknowledge(TestHouse.cursor(1), by: second)
        let third = stream()
        house.attach(third)
        #expect(third.frames == [[mark(1)]])
    }

    @Test(
        "a cursor of another server, of no server, or of an event to come is a gap before all that is kept",
        arguments: [
            Comeback.unreadable, .after(.init(epoch: 0xF, serial: 1)), .after(.init(epoch: 0xE, serial: 9)),
        ])
    func unknown(comeback: Comeback) {
        let house = TestHouse()
        house.attach(stream())
        house.publish("a")
        let second = stream()
        house.attach(second, comeback: comeback)
        #expect(second.frames == [[mark(0, gap: true)], [.event("a", serial: 1)]])
    }

    @Test("a session that ended meanwhile is a gap")
    func ended() {
        let house = TestHouse()
        let first = stream()
        house.attach(first)
        house.publish("a")
        first.close(on: house.shard, now: house.now)
        house.pass(.seconds(6))
        house.publish("b")
        let second = stream()
        house.attach(second, comeback: after(1))
        #expect(second.frames == [[mark(2, gap: true)]])
    }

    @Test("more events than are kept are a gap before those that are", arguments: [0, 1, 2])
    func bounded(kept: Int) {
        let house = TestHouse { $0.maxReplay = kept }
        house.attach(stream())
        for body in ["a", "b", "c"] { house.publish(body) }
        let second = stream()
        house.attach(second, comeback: after(0))
        #expect(second.received == ["a", "b", "c"].suffix(kept))
        #expect(second.frames.first == [mark(UInt64(3 - kept), gap: true)])
    }

    @Test("more bytes than are kept are a gap, and so are events that are too old")
    func boundedBytesAndAge() {
        let house = TestHouse {
            $0.maxReplayBytes = 3; $0.replayAge = .seconds(60)
        }
        house.attach(stream())
        for body in ["aa", "bb"] { house.publish(body) }
        let second = stream()
        house.attach(second, comeback: after(0))
        #expect(second.frames == [[mark(1, gap: true)], [.event("bb", serial: 2)]])
        house.pass(.seconds(100))
        let third = stream()
        house.attach(third, comeback: after(1))
        #expect(third.frames == [[mark(2, gap: true)]])
    }

    @Test("an event that found no room is a gap in its place")
    func overflow() {
        let house = TestHouse { $0.maxWaiting = 1 }
        let first = stream()
        house.attach(first)
        first.close(on: house.shard, now: house.now)
        house.publish("a")
        let lost = house.publish("b")
        #expect(house.reason(lost) == .overflow)
        let second = stream()
        house.attach(second, comeback: after(0))
        #expect(second.frames == [[mark(0)], [.event("a", serial: 1)], [mark(2, gap: true)]])
        house.publish("c")
        #expect(second.frames.last == [.event("c", serial: 3)], "the gap is told once")
        let third = stream()
        house.attach(third, comeback: after(1))
        #expect(
            third.frames.dropFirst() == [[mark(2, gap: true)], [.event("c", serial: 3)]], "and again to whom missed it")
        let fourth = stream()
        house.attach(fourth, comeback: after(2))
        #expect(fourth.frames.flatMap { $0 }.last == .event("c", serial: 3))
    }

    @Test("a gap before an event that waits is told just before it")
    func gapBeforeWaiting() {
        let house = TestHouse { $0.retryLimit = 0 }
        let first = stream(.partly)
        house.attach(first)
        house.publish("a")
        house.publish("b")
        first.close(on: house.shard, now: house.now)
        let second = stream()
        house.attach(second, comeback: after(0))
        #expect(second.frames == [[mark(0)], [mark(1, gap: true)], [.event("b", serial: 2)]])
    }

    @Test("a 2007 transport in between delivers what it writes, and what was before is a gap")
    func withoutCursors() {
        let house = TestHouse()
        house.attach(stream())
        house.publish("a")
        house.attach(TestOutlet(.stream, transport: "iframe"))
        house.publish("b")
        let third = stream()
        house.attach(third, comeback: after(0))
        #expect(third.frames == [[mark(2, gap: true)]])
    }

    @Test("a 2007 transport is sent what a cursor asks for")
    func cursorOnOldTransport() {
        let house = TestHouse()
        house.attach(stream())
        for body in ["a", "b"] { house.publish(body) }
        let iframe = TestOutlet(.stream, transport: "iframe")
        house.attach(iframe, comeback: after(1))
        #expect(iframe.received == ["b"])
    }

    @Test("events on their way when another connection takes over are sent to it once")
    func takeover() {
        let house = TestHouse()
        let first = stream(.written, .partly)
        house.attach(first)
        let numbers = ["a", "b", "c"].map { house.publish($0) }
        let second = stream()
        house.attach(second, comeback: after(0))
        #expect(second.received == ["a", "b", "c"])
        for number in numbers { #expect(house.sink[number] == TestSink.Fates(reached: 1)) }
    }

    @Test("events to be sent again that no connection took wait for the next one, and are not failures at the end")
    func replayBroken() {
        let house = TestHouse { $0.retryLimit = 0 }
        house.attach(stream())
        let numbers = ["a", "b"].map { house.publish($0) }
        for _ in 0..<3 { house.attach(stream(.failed), comeback: after(0)) }
        let last = stream(.partly)
        house.attach(last, comeback: after(0))
        last.drain(on: house.shard, now: house.now)
        #expect(last.received == ["a", "b"])
        house.attach(stream(.failed), comeback: after(0))
        house.pass(.seconds(10))
        for number in numbers { #expect(house.sink[number] == TestSink.Fates(reached: 1)) }
        #expect(house.isEmpty)
    }
}
