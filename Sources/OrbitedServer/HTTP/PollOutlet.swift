import NIOCore
import OrbitedCore
import OrbitedTransports

/// A poll that waits for its event. Confined to the loop.
final class PollOutlet: Outlet {
    let kind = OutletKind.poll
    let hasHeartbeat = false
    var session: Session?
    var inFlight: Delivery?
    private let form: any Transport
    private weak var handler: HTTPHandler?
    private var isWriting = false
    private(set) var isDrained = true
    private var hasFailed = false
    private var lastPending = 0

    init(handler: HTTPHandler, transport: any Transport) {
        self.handler = handler
        self.form = transport
    }

    var transport: String { form.name }

    func write(_ event: Event) -> WriteOutcome {
        var body = ByteBuffer()
        form.write(event.body, into: &body)
        return respond(body)
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
        case .replaced, .switched, .timeout, .shutdown:
            _ = respond(ByteBuffer())
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
        guard !isWriting, inFlight != nil else { return }
        if isDrained { shardLoop.outletDrained(self) } else { shardLoop.outletClosed(self) }
    }
}
