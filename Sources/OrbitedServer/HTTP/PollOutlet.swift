import NIOCore
import OrbitedCore
import OrbitedTransports

/// A poll that waits for its event, or for a batch of them. Confined to the loop.
final class PollOutlet: Outlet {
    let hasHeartbeat = false
    var session: Session?
    var inFlight: [Delivery] = []
    private let form: any Transport
    private let number: Int
    private let callback: String?
    private weak var handler: HTTPHandler?
    private var isWriting = false
    private(set) var isDrained = true
    private var hasFailed = false
    private var lastPending = 0

    /// - Parameters:
    ///   - transport: its number in the list of transports.
    ///   - callback: the function that the response calls, on transports that call one.
    init(handler: HTTPHandler, transport number: Int, callback: String?) {
        self.handler = handler
        self.form = handler.shardLoop.transports[number]
        self.number = number
        self.callback = callback
    }

    var kind: OutletKind { form.kind }
    var transport: String { form.name }
    var hasCursors: Bool { form.hasCursors }

    func begin(at mark: Mark?) -> WriteOutcome { .written }

    func write(_ mark: Mark) -> WriteOutcome { .written }

    func write(_ event: Event) -> WriteOutcome {
        guard let handler else { return .failed }
        return respond(handler.shardLoop.encoder.part(of: event, for: number))
    }

    func write(_ batch: Batch) -> WriteOutcome {
        guard let handler else { return .failed }
        let parts = batch.events.map { handler.shardLoop.encoder.part(of: $0, for: number) }
        return respond(form.response(parts, mark: batch.mark, callback: callback))
    }

    func writeHeartbeat() -> WriteOutcome { .written }

    func hasProgressed() -> Bool {
        let pending = pendingBytes
        defer { lastPending = pending }
        return pending < lastPending
    }

    func end(_ reason: EndReason) {
        switch reason {
        case .stalled:
            handler?.shardLoop.logDropped(self)
            handler?.context?.close(promise: nil)
        case .replaced, .switched, .timeout, .shutdown, .closed:
            _ = respond(form.response(ending: reason, mark: nil, callback: callback))
        }
        handler = nil
    }

    private var pendingBytes: Int {
        handler?.context?.channel.pendingBytes ?? 0
    }

    private func respond(_ body: ByteBuffer) -> WriteOutcome {
        guard let handler, let context = handler.context else { return .failed }
        isDrained = false
        isWriting = true
        defer { isWriting = false }
        let written = context.eventLoop.makePromise(of: Void.self)
        let shardLoop = handler.shardLoop
        written.futureResult.assumeIsolated().whenComplete { result in self.left(result, shardLoop) }
        handler.respond(toPoll: body, transport: form, promise: written)
        if isDrained { return .finished }
        return hasFailed ? .failed : .partly
    }

    /// The whole response has left for the socket, or never will.
    private func left(_ result: Result<Void, any Error>, _ shardLoop: ShardLoop) {
        switch result {
        case .success: isDrained = true
        case .failure: hasFailed = true
        }
        guard !isWriting, !inFlight.isEmpty else { return }
        if isDrained { shardLoop.outletDrained(self) } else { shardLoop.outletClosed(self) }
    }
}
