import NIOCore
import OrbitedWire
import Testing

@testable import OrbitedCore

@Suite("Watches")
struct WatchTests {
    /// Sessions that come, one after the other.
    private func come(_ users: String..., to house: TestHouse) {
        for user in users { house.attach(TestOutlet.stream(), user) }
    }

    @Test("a watch gets the notices of its recipient alone, with the numbers of all")
    func recipients() {
        let house = TestHouse()
        let (all, one) = (house.watch("*, *, *"), house.watch("b, 0, /l"))
        come("a", "b", "c", to: house)
        #expect(house.news(all) == ["+1 a", "+2 b", "+3 c"])
        #expect(house.news(one) == ["+2 b"])
    }

    @Test("it begins after what was before, and says where")
    func begin() {
        let house = TestHouse()
        come("a", "b", to: house)
        let watch = house.watch("*, *, *")
        #expect(watch.sequence == 2 && watch.isResumed == nil && watch.present == nil)
        come("c", to: house)
        #expect(house.news(watch) == ["+3 c"])
    }

    @Test("it tells who is there if it is asked, and whom its recipient stands for")
    func state() {
        let house = TestHouse(shards: 2)
        house.attach(TestOutlet.stream(), "a", to: 0)
        house.attach(TestOutlet.stream(), "b", to: 1)
        #expect(
            Set(house.watch("*, *, *", wantsState: true).present ?? []) == [TestHouse.key("a"), TestHouse.key("b")])
        #expect(house.watch("b, *, *", wantsState: true).present == [TestHouse.key("b")])
        #expect(house.watch("b, 0, /l", wantsState: true).present == [TestHouse.key("b")])
        #expect(house.watch("c, 0, /l", wantsState: true).present == [])
    }

    @Test("its application is woken when there is something again, not for each notice")
    func wakes() {
        let house = TestHouse()
        let watcher = TestWatcher()
        let watch = house.watch("*, *, *", by: watcher)
        come("a", "b", to: house)
        #expect(watcher.wakes == 1)
        #expect(house.news(watch).count == 2)
        come("c", to: house)
        #expect(watcher.wakes == 2)
    }

    @Test("it gets nothing after its end")
    func unwatch() {
        let house = TestHouse()
        let watcher = TestWatcher()
        let watch = house.watch("*, *, *", by: watcher)
        house.switchboard.unwatch(watch.id)
        come("a", to: house)
        #expect(house.news(watch) == [] && watcher.wakes == 0)
    }

    @Test("it goes on after the notice that its application had last", arguments: 0...3)
    func resume(last: Int) {
        let house = TestHouse()
        come("a", "b", "c", to: house)
        let place = NoticePlace(epoch: house.switchboard.epochText, sequence: UInt64(last))
        let watch = house.watch("*, *, *", wantsState: true, last: place)
        #expect(watch.isResumed == true && watch.sequence == UInt64(last) && watch.present == nil)
        come("d", to: house)
        #expect(house.news(watch) == ["+1 a", "+2 b", "+3 c", "+4 d"].suffix(4 - last))
    }

    @Test("what it missed is told of its recipient alone")
    func resumeSome() {
        let house = TestHouse()
        come("a", "b", "c", to: house)
        let place = NoticePlace(epoch: house.switchboard.epochText, sequence: 0)
        #expect(house.news(house.watch("b, *, *", last: place)) == ["+2 b"])
    }

    @Test("it can't go on in another epoch, or after a number to come", arguments: [("0000000000", 1), (nil, 4)])
    func noResume(epoch: String?, last: UInt64) {
        let house = TestHouse()
        come("a", "b", "c", to: house)
        let place = NoticePlace(epoch: epoch ?? house.switchboard.epochText, sequence: last)
        let watch = house.watch("*, *, *", wantsState: true, last: place)
        #expect(watch.isResumed == false && watch.sequence == 3 && watch.present?.count == 3)
        #expect(house.news(watch) == [])
    }

    @Test("the last ten thousand notices are known, and no more")
    func log() {
        var board = NoticeBoard()
        for _ in 0..<(ControlLimits.notices + 5) { _ = board.post(.signon, TestHouse.key()) }
        #expect(board.after(4) == nil)
        #expect(board.after(5)?.count == ControlLimits.notices)
        #expect(board.after(5)?.first?.sequence == 6)
        #expect(board.after(board.sequence) == [])
        #expect(board.after(board.sequence + 1) == nil && board.after(.max) == nil)
    }

    @Test("ten thousand notices may wait for it; one more, and it has overflowed, and others have not")
    func overflow() {
        var board = NoticeBoard()
        let start = board.watch(Recipients(["*, *, *"]), missed: nil, sink: TestWatcher())
        let other = board.watch(Recipients(["v, *, *"]), missed: nil, sink: TestWatcher())
        for _ in 0..<ControlLimits.notices { _ = board.post(.signon, TestHouse.key()) }
        var copy = board
        #expect(copy.take(of: start.id).hasOverflowed == false)
        for _ in 0..<2 { _ = board.post(.signon, TestHouse.key("v")) }
        let taken = board.take(of: start.id)
        #expect(taken.hasOverflowed && taken.notices.count == ControlLimits.notices)
        #expect(board.post(.signon, TestHouse.key()).isEmpty, "it is not told of anything more")
        let rest = board.take(of: other.id)
        #expect(!rest.hasOverflowed && rest.notices.count == 2)
    }
}
