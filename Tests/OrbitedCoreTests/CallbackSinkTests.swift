import NIOCore
import OrbitedWire
import Synchronization
import Testing

@testable import OrbitedCore

/// Writes down what callbacks could tell, in its order.
final class TestCallbacks: CallbackSink {
    private let told = Mutex<[String]>([])

    func noticed(_ notice: Notice) {
        let mark = if case .signoff = notice.news { "-" } else { "+" }
        told.withLock { $0.append("\(mark)\(notice.sequence) \(notice.key.user)") }
    }

    func failed(_ failure: EventFailure) {
        told.withLock { $0.append("\(failure.event) \(failure.key.user) \(failure.reason.rawValue)") }
    }

    /// What was told since it was last asked.
    func take() -> [String] {
        told.withLock { told in
            defer { told = [] }
            return told
        }
    }
}

@Suite("What callbacks are told")
struct CallbackSinkTests {
    private let callbacks = TestCallbacks()

    @Test("failures and notices of a session come in the order in which they happen", arguments: [1, 2])
    func order(shards: Int) {
        let house = TestHouse(shards: shards, callbacks: callbacks)
        for round in 0..<2 {
            house.publish("before", to: ["u"])
            let outlet = TestOutlet.stream()
            house.attach(outlet, to: shards - 1)
            outlet.close(on: house.shards[shards - 1], now: house.now)
            house.publish("lost", to: ["u"])
            house.pass(.seconds(60))
            let (on, off) = (2 * round + 1, 2 * round + 2)
            #expect(callbacks.take() == ["before u 301", "+\(on) u", "lost u 301", "-\(off) u"])
        }
    }

    @Test("one that names a recipient and a pattern fails for who is absent, once")
    func patterns() {
        let house = TestHouse(shards: 2, callbacks: callbacks)
        house.attach(TestOutlet.stream(), "here", to: 1)
        house.publish("x", to: ["gone", "gone"], terms: .patterns("*, *, *"))
        #expect(callbacks.take() == ["+1 here", "x gone 301"])
    }

    @Test("a session that moves to another shard has not ended")
    func moving() {
        let house = TestHouse(shards: 2, callbacks: callbacks)
        for shard in [0, 1, 0] { house.attach(TestOutlet.stream(), to: shard) }
        house.settle()
        #expect(callbacks.take() == ["+1 u"])
    }
}
