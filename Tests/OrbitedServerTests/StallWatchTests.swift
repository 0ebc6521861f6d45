import NIOCore
import Testing

@testable import OrbitedServer

@Suite("A peer that takes nothing")
struct StallWatchTests {
    /// What a watch of 30 seconds says, asked at these seconds with so many bytes that wait.
    private func answers(_ looks: [(second: Int64, pending: Int)]) -> [Bool] {
        var watch = StallWatch()
        return looks.map { look in
            let now = NIODeadline.uptimeNanoseconds(0) + .seconds(look.second)
            return watch.isStalled(pending: look.pending, now: now, limit: .seconds(30))
        }
    }

    @Test("is noticed when bytes have waited for as long as the limit")
    func stalled() {
        #expect(answers([(0, 10), (29, 10), (30, 10)]) == [false, false, true])
    }

    @Test("is noticed too when ever more waits for it")
    func growing() {
        #expect(answers([(0, 10), (29, 20), (30, 30)]) == [false, false, true])
    }

    @Test("is not one that takes a little now and then")
    func slow() {
        #expect(!answers((0..<100).map { (Int64($0) * 20, 1_000 - $0) }).contains(true))
    }

    @Test("is not one for whom nothing waits")
    func idle() {
        #expect(
            answers([(0, 10), (20, 0), (1_000, 10), (1_029, 10), (1_030, 10)]) == [false, false, false, false, true])
    }
}
