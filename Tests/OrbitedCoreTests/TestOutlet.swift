import NIOCore
import Testing

@testable import OrbitedCore

/// A browser's connection as tests make it: takes down what it was given, and does as it was told.
final class TestOutlet: Outlet {
    let kind: OutletKind
    let transport: String
    let hasHeartbeat: Bool
    let hasCursors: Bool
    var session: Session?
    var inFlight: [Delivery] = []
    var isDrained = true
    /// A stream that ends itself with its next event.
    var finishes = false
    private var progress = false

    /// What the next writes come to; after that everything is written.
    var script: [WriteOutcome] = []
    /// The bodies whose bytes were given to it, whole or in part.
    private(set) var given: [String] = []
    /// The bodies whose bytes have all left for the socket.
    private(set) var received: [String] = [] {
        didSet { if let last = received.last { onReceive?(last) } }
    }
    var onReceive: ((String) -> Void)?
    private(set) var pings = 0
    private(set) var endReason: EndReason?
    /// How often it was ended.
    private(set) var ends = 0
    /// It has failed or was closed by its peer.
    private(set) var isBroken = false
    /// What leaves with the rest of what the socket took in part.
    private var partly: [Frame] = []

    /// What a browser makes of the bytes that have left for it.
    enum Frame: Equatable {
        case mark(Mark)
        case event(String, serial: UInt64)
    }

    /// All that has left for the socket, in order; one write each.
    private(set) var frames: [[Frame]] = []

    init(
        _ kind: OutletKind, transport: String? = nil, hasHeartbeat: Bool = true, hasCursors: Bool = false,
        script: [WriteOutcome] = []
    ) {
        self.kind = kind
        self.hasCursors = hasCursors || kind == .batch
        self.transport = transport ?? (kind == .poll ? "xhr" : kind == .batch ? "poll" : "sse")
        self.hasHeartbeat = kind == .stream && hasHeartbeat
        self.script = script
    }

    static func stream(_ script: WriteOutcome..., transport: String = "sse") -> TestOutlet {
        TestOutlet(.stream, transport: transport, script: script)
    }

    static func poll(_ script: WriteOutcome...) -> TestOutlet { TestOutlet(.poll, script: script) }

    /// Whether the shard may give it anything more.
    var isOpen: Bool { endReason == nil && !isBroken && !(kind != .stream && hasAnswered) }
    private(set) var hasAnswered = false

    /// What happens when its response begins, and what comes of it.
    var onBegin: (() -> WriteOutcome)?

    func begin(at mark: Mark?) -> WriteOutcome {
        precondition(mark == nil || kind == .stream && hasCursors, "told a mark that it can't tell")
        let outcome = onBegin?() ?? .written
        if let mark, isDrained { frames.append([.mark(mark)]) } else if let mark { partly.append(.mark(mark)) }
        return outcome
    }

    func write(_ mark: Mark) -> WriteOutcome {
        precondition(isOpen && isDrained && kind == .stream && hasCursors, "told a mark that it does not take")
        return give([.mark(mark)])
    }

    func write(_ event: Event) -> WriteOutcome {
        precondition(isOpen && inFlight.isEmpty && kind != .batch, "written to an outlet that takes nothing")
        precondition(isDrained || hasToldMark, "written to an outlet that takes nothing yet")
        hasAnswered = true
        given.append(String(buffer: event.body))
        return give([.event(String(buffer: event.body), serial: event.serial)])
    }

    func write(_ batch: Batch) -> WriteOutcome {
        precondition(isOpen && isDrained && inFlight.isEmpty && kind == .batch, "answered twice")
        hasAnswered = true
        given += batch.events.map { String(buffer: $0.body) }
        let events = batch.events.map { Frame.event(String(buffer: $0.body), serial: $0.serial) }
        // A gap is before the events, and the cursor after them.
        return give(
            (batch.mark.isGap ? [.mark(batch.mark)] : []) + events + [
                .mark(Mark(cursor: batch.mark.cursor, isGap: false))
            ])
    }

    /// A mark has been given to the socket, and an event may follow at once.
    private var hasToldMark: Bool { if case .mark? = partly.last { true } else { false } }

    private func give(_ new: [Frame]) -> WriteOutcome {
        switch script.isEmpty ? (isDrained ? .written : .partly) : script.removeFirst() {
        case .written where isDrained, .finished where isDrained:
            left(new)
            if finishes { isBroken = true }
            return kind != .stream || finishes ? .finished : .written
        case .partly, .written, .finished:
            partly += new
            isDrained = false
            return .partly
        case .failed:
            isBroken = true
            isDrained = false
            return .failed
        }
    }

    private func left(_ new: [Frame]) {
        frames.append(new)
        for case .event(let body, _) in new { received.append(body) }
    }

    func writeHeartbeat() -> WriteOutcome {
        precondition(isOpen && isDrained, "pinged while it takes nothing")
        pings += 1
        let outcome = script.isEmpty ? .written : script.removeFirst()
        if case .partly = outcome { isDrained = false }
        if case .failed = outcome { isBroken = true }
        return outcome
    }

    func hasProgressed() -> Bool {
        defer { progress = false }
        return progress
    }

    func end(_ reason: EndReason) {
        #expect(endReason == nil && !isBroken, "ended after its end")
        endReason = reason
        ends += 1
    }

    // MARK: The socket

    /// The socket takes some of what it has not taken yet.
    func takeSome() { progress = true }

    /// The socket takes all that is left.
    func drain(on shard: Shard, now: NIODeadline) {
        isDrained = true
        let whole = partly
        partly = []
        guard endReason == nil else { return }
        if !whole.isEmpty { left(whole) }
        shard.outletDrained(self, now: now)
    }

    /// The peer closes the connection.
    func close(on shard: Shard, now: NIODeadline) {
        isBroken = true
        isDrained = false
        partly = []
        if endReason == nil { shard.outletClosed(self, now: now) }
    }
}
