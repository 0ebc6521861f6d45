import NIOCore
import OrbitedWire
import Synchronization

@testable import OrbitedCore

/// A switchboard with its shards, a clock and one application.
final class TestHouse {
    /// Shards that have been woken and have not drained since.
    final class Bell: Sendable {
        private let woken = Mutex<Set<Int>>([])
        func ring(_ shard: Int) { woken.withLock { _ = $0.insert(shard) } }
        func answer(_ shard: Int) { woken.withLock { _ = $0.remove(shard) } }
        var ringing: [Int] { woken.withLock { $0.sorted() } }
    }

    static let epoch: UInt64 = 0xE
    let bell = Bell()
    let switchboard: Switchboard
    let shards: [Shard]
    let sink: TestSink
    var now = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private(set) var events: [UInt64: Event] = [:]
    private var routings: [UInt64: Routing] = [:]
    private var lastNumber: UInt64 = 0

    init(
        shards count: Int = 1, sink: TestSink = TestSink(), callbacks: TestCallbacks? = nil,
        _ change: (inout SessionLimits) -> Void = { _ in }
    ) {
        var limits = SessionLimits()
        change(&limits)
        let bell = bell
        let switchboard = Switchboard(shards: count, epoch: Self.epoch, callbacks: callbacks) { bell.ring($0) }
        self.switchboard = switchboard
        self.shards = (0..<count).map { Shard(index: $0, switchboard: switchboard, limits: limits) }
        self.sink = sink
    }

    var shard: Shard { shards[0] }

    /// The key of a user, or a whole key from its text.
    static func key(_ user: String = "u") -> ConnectionKey {
        if let whole = try? ConnectionKey(user) { return whole }
        guard let key = try? ConnectionKey(user: user, session: "0", location: "/l") else {
            preconditionFailure("not a user: \(user)")
        }
        return key
    }

    func attach(_ outlet: TestOutlet, _ user: String = "u", to shard: Int = 0, comeback: Comeback = .anew) {
        shards[shard].attach(outlet, key: Self.key(user), comeback: comeback, now: now)
    }

    /// The cursor of the event of that serial; the first one published is 1.
    static func cursor(_ serial: UInt64) -> Cursor { Cursor(epoch: epoch, serial: serial) }

    /// Publishes an event and answers its number; no shard has seen it yet.
    func post(_ body: String, to users: [String] = ["u"], terms: EventFrame.Terms? = nil) -> UInt64 {
        lastNumber += 1
        let event = Event(
            body: ByteBuffer(string: body), recipients: users.map(Self.key), number: lastNumber, sink: sink,
            time: now, id: body, terms: terms)
        events[lastNumber] = event
        let routing = switchboard.publish(event, caller: nil)
        routings[lastNumber] = routing
        sink.note(routing.unreached, of: lastNumber)
        return lastNumber
    }

    /// Publishes an event and lets all shards drain.
    @discardableResult
    func publish(_ body: String, to users: [String] = ["u"], terms: EventFrame.Terms? = nil) -> UInt64 {
        let number = post(body, to: users, terms: terms)
        settle()
        return number
    }

    func drain(_ shard: Int) {
        bell.answer(shard)
        shards[shard].drain(now: now)
    }

    /// Drains all that rings until nothing does.
    func settle() {
        while let shard = bell.ringing.first { drain(shard) }
    }

    /// Lets time pass, in steps at which shards want to be called.
    func pass(_ amount: TimeAmount) {
        let end = now + amount
        settle()
        while let next = shards.compactMap(\.nextDeadline).min(), next <= end {
            now = max(now, next)
            for shard in shards { shard.tick(now: now) }
            settle()
        }
        now = end
    }

    /// What became of one recipient of an event: nil if it is open.
    func reason(_ number: UInt64, recipient: UInt32 = 0) -> ControlCode? {
        sink[number].unreached.first { $0.recipient == recipient }?.reason
    }

    /// What the application knows of an event.
    func receipt(_ number: UInt64) -> Receipt? {
        guard let event = events[number], let routing = routings[number] else { return nil }
        var receipt = Receipt(event: event, routing: routing)
        for report in sink.reports(of: number) { receipt.take(report) }
        return receipt
    }

    var isEmpty: Bool { shards.allSatisfy(\.isEmpty) && switchboard.sessionCount == 0 }
}
