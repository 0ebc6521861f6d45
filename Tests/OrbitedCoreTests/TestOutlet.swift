import NIOCore
import Testing

@testable import OrbitedCore

/// A browser's connection as tests make it: takes down what it was given, and does as it was told.
final class TestOutlet: Outlet {
    let kind: OutletKind
    let transport: String
    let hasHeartbeat: Bool
    var session: Session?
    var inFlight: Delivery?
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
    private var partly: String?

    init(_ kind: OutletKind, transport: String? = nil, hasHeartbeat: Bool = true, script: [WriteOutcome] = []) {
        self.kind = kind
        self.transport = transport ?? (kind == .poll ? "xhr" : "sse")
        self.hasHeartbeat = kind == .stream && hasHeartbeat
        self.script = script
    }

    static func stream(_ script: WriteOutcome..., transport: String = "sse") -> TestOutlet {
        TestOutlet(.stream, transport: transport, script: script)
    }

    static func poll(_ script: WriteOutcome...) -> TestOutlet { TestOutlet(.poll, script: script) }

    /// Whether the shard may give it anything more.
    var isOpen: Bool { endReason == nil && !isBroken && !(kind == .poll && !given.isEmpty) }

    /// What happens when its response begins, and what comes of it.
    var onBegin: (() -> WriteOutcome)?

    func begin() -> WriteOutcome { onBegin?() ?? .written }

    func write(_ event: Event) -> WriteOutcome {
        precondition(isOpen && isDrained && inFlight == nil, "written to an outlet that takes nothing")
        let body = String(buffer: event.body)
        given.append(body)
        switch script.isEmpty ? .written : script.removeFirst() {
        case .written, .finished:
            received.append(body)
            if finishes { isBroken = true }
            return kind == .poll || finishes ? .finished : .written
        case .partly:
            partly = body
            isDrained = false
            return .partly
        case .failed:
            isBroken = true
            isDrained = false
            return .failed
        }
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
        partly = nil
        guard endReason == nil else { return }
        if let whole { received.append(whole) }
        shard.outletDrained(self, now: now)
    }

    /// The peer closes the connection.
    func close(on shard: Shard, now: NIODeadline) {
        isBroken = true
        isDrained = false
        partly = nil
        if endReason == nil { shard.outletClosed(self, now: now) }
    }
}
