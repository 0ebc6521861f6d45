import NIOCore
import OrbitedCore
import OrbitedTransports

/// A browser's stream, alone in its channel's pipeline once the request has been read. Confined to the loop.
///
/// Bytes go straight to the socket while nothing is pending, which tells at once whether they left. What the socket
/// does not take goes through NIO, and so does all that follows until that is drained.
final class StreamHandler: ChannelInboundHandler, Outlet {
    typealias InboundIn = Never
    typealias OutboundOut = ByteBuffer

    let kind = OutletKind.stream
    var session: Session?
    var inFlight: Delivery?
    private(set) var isDrained = false
    private let shardLoop: ShardLoop
    private let number: Int
    private let framing: Framing
    private var socket: DirectSocket?
    private var context: ChannelHandlerContext?
    /// Nothing may come after what has been written.
    private var isEnding = false
    /// A write is under way: its outcome is told by its return, not by a call to the shard.
    private var isWriting = false
    private var bodyBytes = 0
    private var lastPending = 0

    /// - Parameters:
    ///   - transport: its number in the list of transports.
    init(shardLoop: ShardLoop, transport number: Int, framing: Framing) {
        self.shardLoop = shardLoop
        self.number = number
        self.framing = framing
    }

    private var form: any Transport { shardLoop.transports[number] }
    var transport: String { form.name }
    var hasHeartbeat: Bool { form.heartbeat != nil }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        socket = DirectSocket(context.channel)
        // The first bytes go through NIO: an earlier response on this connection may still be on its way.
        _ = writeThroughNIO(shardLoop.heads.head(for: number, framing))
    }

    /// A browser has nothing to say on a stream.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A browser that shuts its side has gone.
        if case .some(.inputClosed) = event as? ChannelEvent { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        shardLoop.logger.debug("stream broke", metadata: ["error": "\(error)"])
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        let wasEnding = isEnding
        forgetChannel()
        if !wasEnding { shardLoop.outletClosed(self) }
        shardLoop.closed(nil)
    }

    private func forgetChannel() {
        isEnding = true
        isDrained = false
        socket = nil
        context = nil
    }

    // MARK: The outlet

    func write(_ event: Event) -> WriteOutcome {
        let outcome = send(shardLoop.encoder.encoding(of: event, for: number, framing))
        guard case .written = outcome, let limit = form.maxBytes, bodyBytes > limit else { return outcome }
        // The browser keeps all that it was sent; what follows makes it load the page again. [IFR-8]
        finish(with: form.recycling.map { framing.framed($0) } ?? ByteBuffer())
        return .finished
    }

    func writeHeartbeat() -> WriteOutcome {
        shardLoop.encoder.heartbeat(for: number, framing).map { send($0) } ?? .written
    }

    func hasProgressed() -> Bool {
        let pending = pendingBytes
        defer { lastPending = pending }
        return pending < lastPending
    }

    func end(_ reason: EndReason) {
        guard let context, !isEnding else { return }
        guard reason != .stalled else {
            isEnding = true
            shardLoop.logger.info("dropped a browser that reads nothing", metadata: ["transport": "\(transport)"])
            return context.close(promise: nil)
        }
        var last = ByteBuffer()
        if let farewell = form.farewell(reason) { framing.write(farewell, into: &last) }
        finish(with: last)
    }

    // MARK: Writing

    private func send(_ piece: ByteBuffer) -> WriteOutcome {
        bodyBytes += piece.readableBytes
        guard isDrained, let socket else { return writeThroughNIO(piece) }
        switch socket.send(piece) {
        case .took(let count) where count == piece.readableBytes:
            return .written
        case .took(let count):
            var rest = piece
            rest.moveReaderIndex(forwardBy: count)
            return writeThroughNIO(rest)
        case .broken:
            isEnding = true
            context?.close(promise: nil)
            return .failed
        }
    }

    private func writeThroughNIO(_ piece: ByteBuffer) -> WriteOutcome {
        guard let context, !isEnding else { return .failed }
        isDrained = false
        isWriting = true
        defer { isWriting = false }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenSuccess { self.drained() }
        context.writeAndFlush(Self.wrapOutboundOut(piece), promise: written)
        if isDrained { return .written }
        if isEnding { return .failed }
        lastPending = pendingBytes
        return .partly
    }

    private func drained() {
        isDrained = !isEnding
        if isDrained, !isWriting { shardLoop.outletDrained(self) }
    }

    /// Writes the last bytes and closes behind them.
    private func finish(with last: ByteBuffer) {
        guard let context else { return }
        isEnding = true
        isDrained = false
        socket = nil
        var last = last
        last.writeImmutableBuffer(framing.end)
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        context.writeAndFlush(Self.wrapOutboundOut(last), promise: written)
    }

    private var pendingBytes: Int {
        guard let options = context?.channel.syncOptions else { return 0 }
        return (try? options.getOption(.bufferedWritableBytes)) ?? 0
    }
}
