import NIOCore
import OrbitedCore
import OrbitedTransports

/// A browser's stream, alone in its channel's pipeline once the request has been read. Confined to the loop.
///
/// Bytes go straight to the socket while nothing is pending, which tells at once whether they left. What the socket
/// does not take goes through NIO, and so does all that follows until that is drained.
final class StreamHandler: ChannelInboundHandler, Outlet {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    var kind: OutletKind { .stream }
    var session: Session?
    var inFlight: [Delivery] = []
    private let shardLoop: ShardLoop
    private let connections: ConnectionLimit
    private let reader: WebSocketReader?
    private var context: ChannelHandlerContext?
    /// What goes before all else, until it has gone.
    private var head: ByteBuffer?
    private var bodyBytes = 0
    private var lastPending = 0
    // There is one of these for each browser: what is small stands together.
    private var socket: DirectSocket?
    /// Writes that NIO has taken and the socket has not.
    private var openWrites: UInt32 = 0
    private let number: UInt8
    private let framing: Framing
    let hasHeartbeat: Bool
    let hasCursors: Bool
    /// Whether it ends after so many bytes, which are counted then.
    private let isBounded: Bool
    private(set) var isDrained = false
    /// Nothing may come after what has been written.
    private var isEnding = false
    /// A write is under way: its outcome is told by its return, not by a call to the shard.
    private var isWriting = false

    /// - Parameters:
    ///   - transport: its number in the list of transports.
    ///   - head: the response's head, of which nothing has been written.
    ///   - reader: reads what the browser sends, on transports on which it has something to say.
    ///   - connections: counts this one off when it closes.
    init(
        shardLoop: ShardLoop, transport number: Int, framing: Framing, head: ByteBuffer, reader: WebSocketReader? = nil,
        connections: ConnectionLimit
    ) {
        self.shardLoop = shardLoop
        self.connections = connections
        self.number = UInt8(number)
        let form = shardLoop.transports[number]
        self.hasHeartbeat = form.heartbeat != nil
        self.hasCursors = form.hasCursors
        self.isBounded = form.maxBytes != nil
        self.framing = framing
        self.head = head
        self.reader = reader
    }

    private var form: any Transport { shardLoop.transports[Int(number)] }
    var transport: String { form.name }
    /// Whether the browser is there still.
    var isOpen: Bool { !isEnding && context?.channel.isActive == true }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    /// A browser has nothing to say on a stream, unless it is a WebSocket.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let reader else { return }
        reader.read(Self.unwrapInboundIn(data)) { carryOut($0) }
    }

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
        connections.leave()
        shardLoop.closed(nil)
    }

    private func forgetChannel() {
        isEnding = true
        isDrained = false
        socket = nil
        context = nil
    }

    // MARK: The outlet

    func begin(at mark: Mark?) -> WriteOutcome {
        let preamble = mark.map { form.preamble(at: $0) } ?? form.preamble
        bodyBytes += preamble.readableBytes
        var first = takeHead()
        framing.write(preamble, into: &first)
        // Through NIO: an earlier response on this connection may still be on its way.
        return writeThroughNIO(first)
    }

    private func takeHead() -> ByteBuffer {
        defer { head = nil }
        return head ?? ByteBuffer()
    }

    func write(_ mark: Mark) -> WriteOutcome {
        form.mark(mark).map { send(framing.framed($0)) } ?? .written
    }

    func write(_ batch: Batch) -> WriteOutcome {
        preconditionFailure("a stream takes events one by one")
    }

    func write(_ event: Event) -> WriteOutcome {
        let outcome = send(shardLoop.encoder.encoding(of: event, for: Int(number), framing))
        guard case .written = outcome, isFull else { return outcome }
        recycle()
        return .finished
    }

    /// Whether the browser, which keeps all that it was sent, has been sent enough. [IFR-13]
    private var isFull: Bool { isBounded && form.maxBytes.map { bodyBytes >= $0 } ?? false }

    /// Makes the browser load the page again.
    private func recycle() {
        finish(with: form.recycling.map { framing.framed($0) } ?? ByteBuffer())
    }

    func writeHeartbeat() -> WriteOutcome {
        if let reader, !reader.expectsPong() {
            // It has been silent since the last ping, which each WebSocket answers. [WSK-21]
            return breakOff()
        }
        return shardLoop.encoder.heartbeat(for: Int(number), framing).map { send($0) } ?? .written
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
            shardLoop.logDropped(self)
            return context.close(promise: nil)
        }
        finish(with: reader?.farewell(form, reason) ?? form.farewell(reason).map { framing.framed($0) } ?? ByteBuffer())
    }

    /// Does what the browser's messages ask for.
    private func carryOut(_ request: WebSocketReader.Request) {
        guard context != nil else { return }
        switch request {
        case .acknowledge(let cursor): shardLoop.acknowledge(cursor, by: self)
        case .pong(let frame): if !isEnding { _ = writeThroughNIO(frame) }
        case .close where isEnding:
            context?.close(promise: nil)
        case .close(let frame):
            finish(with: frame)
            shardLoop.outletClosed(self)
        }
    }

    // MARK: Writing

    private func send(_ piece: ByteBuffer) -> WriteOutcome {
        if isBounded { bodyBytes += framing.payload(ofFramed: piece.readableBytes) }
        guard isDrained, let socket = directSocket() else { return writeThroughNIO(piece) }
        switch socket.send(piece) {
        case .took(let count) where count == piece.readableBytes:
            return .written
        case .took(let count):
            var rest = piece
            rest.moveReaderIndex(forwardBy: count)
            return writeThroughNIO(rest)
        case .broken:
            return breakOff()
        }
    }

    /// The socket, which is asked for when it is needed: that takes NIO as long as the rest of connecting.
    private func directSocket() -> DirectSocket? {
        if socket == nil { socket = context.flatMap { DirectSocket($0.channel) } }
        return socket
    }

    private func breakOff() -> WriteOutcome {
        isEnding = true
        context?.close(promise: nil)
        return .failed
    }

    private func writeThroughNIO(_ piece: ByteBuffer) -> WriteOutcome {
        guard let context, !isEnding else { return .failed }
        isDrained = false
        isWriting = true
        defer { isWriting = false }
        openWrites += 1
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenSuccess {
            self.openWrites -= 1
            if self.openWrites == 0 { self.drained() }
        }
        context.writeAndFlush(Self.wrapOutboundOut(piece), promise: written)
        if isDrained { return .written }
        if isEnding { return .failed }
        lastPending = pendingBytes
        return .partly
    }

    private func drained() {
        isDrained = !isEnding
        guard isDrained, !isWriting else { return }
        let isFull = isFull
        if isFull { recycle() }
        shardLoop.outletDrained(self)
        if isFull { shardLoop.outletClosed(self) }
    }

    /// Writes the last bytes and closes behind them.
    private func finish(with last: ByteBuffer) {
        guard let context else { return }
        isEnding = true
        isDrained = false
        socket = nil
        var end = takeHead()
        end.writeImmutableBuffer(last)
        end.writeImmutableBuffer(framing.end)
        let written = context.eventLoop.makePromise(of: Void.self)
        var hasClosed = false
        written.futureResult.assumeIsolated().whenComplete { _ in
            hasClosed = true
            // A WebSocket is closed once its peer has said so, too, or does not in time. [WSK-17]
            if self.reader?.isOpen != true { context.close(promise: nil) }
        }
        context.writeAndFlush(Self.wrapOutboundOut(end), promise: written)
        guard !hasClosed || reader?.isOpen == true else { return }
        lastPending = pendingBytes
        watchEnd(context)
    }

    /// One that takes nothing is not waited for without end. [BRW-48]
    private func watchEnd(_ context: ChannelHandlerContext) {
        let limit = context.eventLoop.assumeIsolated().scheduleTask(in: shardLoop.writeTimeout) {
            if self.hasProgressed() { self.watchEnd(context) } else { context.close(promise: nil) }
        }
        context.channel.closeFuture.assumeIsolated().whenComplete { _ in limit.cancel() }
    }

    private var pendingBytes: Int {
        context?.channel.pendingBytes ?? 0
    }
}
