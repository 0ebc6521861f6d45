import NIOCore
import NIOHTTP1

/// Watches the time of an HTTP connection, first in its pipeline, where it sees bytes before they are a request: a head
/// or a form that comes too slowly, a kept connection that stays unused. [BRW-46] [BRW-47] Measures heads, too.
/// Confined to the loop.
final class RequestClock: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The bounds that are watched.
    struct Limits {
        /// From the first byte of a head, or from the connection's beginning, to the head's end; again for a form.
        let head: TimeAmount
        /// From a response to the next request, or between two parts of a proxied request.
        let idle: TimeAmount
        /// The largest head in bytes.
        let headBytes: Int
    }

    private enum Phase {
        /// A new connection, or one between two requests.
        case waiting
        /// Some bytes of a head have come.
        case head
        /// A head has come; its body is Orbited's own affair.
        case form
        /// A head has come; its body goes to an application.
        case upload
        /// A whole request has come.
        case response
        /// A response has been given that ends the connection, once all of it has left.
        case closing
        /// The last words are said; what still comes is dropped.
        case lingering
    }

    private static let linger = TimeAmount.seconds(1)

    private let limits: Limits
    private var phase = Phase.waiting
    private var meter = HeadMeter()
    private var hasBegunResponse = false
    private var lastPending = 0
    private var deadline: NIODeadline?
    private var context: ChannelHandlerContext?

    init(limits: Limits) {
        self.limits = limits
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        watch(.waiting, limits.head)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch phase {
        case .waiting:
            watch(.head, limits.head)
            meter = HeadMeter()
            guard measure(data) else { return lastWords(.headTooLarge) }
        case .head:
            guard measure(data) else { return lastWords(.headTooLarge) }
        case .upload: watch(.upload, limits.idle)
        case .form, .response: break
        case .closing, .lingering: return
        }
        context.fireChannelRead(data)
    }

    private func measure(_ data: NIOAny) -> Bool {
        meter.take(Self.unwrapInboundIn(data).readableBytesView)
        return meter.count <= limits.headBytes
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .lingering = phase, case .some(.inputClosed) = event as? ChannelEvent {
            return closeWhenWritten()
        }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: What the HTTP handler tells

    /// A head has come whole.
    func headReceived(isProxied: Bool) {
        hasBegunResponse = false
        if isProxied { watch(.upload, limits.idle) } else { watch(.form, limits.head) }
    }

    /// The request has come whole.
    func requestEnded() { watch(.response, nil) }

    /// The response is under way: from here on nothing else can be said.
    func responseBegan() { hasBegunResponse = true }

    /// The response has been given; another request may come on this connection if it stays.
    func responseEnded(stays: Bool) { watch(stays ? .waiting : .closing, limits.idle) }

    /// Says one last thing past the HTTP handlers, closes this side, and drops what still comes, so that the peer gets to
    /// read it. [BRW-34]
    func lastWords(_ fault: HTTPFault) {
        guard let context else { return }
        watch(.lingering, Self.linger)
        context.writeAndFlush(Self.wrapOutboundOut(fault.closingResponse), promise: nil)
        context.close(mode: .output, promise: nil)
    }

    /// Closes the connection behind what has been written.
    func closeWhenWritten() {
        guard let context else { return }
        watch(.closing, limits.idle)
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer()), promise: written)
    }

    // MARK: Time

    private func watch(_ phase: Phase, _ time: TimeAmount?) {
        self.phase = phase
        deadline = time.map { .now() + $0 }
    }

    /// Acts if the time is over. The shard's loop asks now and then, so that no connection needs a timer of its own:
    /// cancelling one costs NIO a look at all others.
    func check(_ now: NIODeadline) {
        if let deadline, deadline <= now { expire() }
    }

    private func expire() {
        switch phase {
        case .head, .form, .upload:
            if hasBegunResponse { context?.close(promise: nil) } else { lastWords(.tooSlow) }
        case .waiting, .closing:
            if isStillWriting() { watch(phase, limits.idle) } else { context?.close(promise: nil) }
        case .lingering: context?.close(promise: nil)
        case .response: break
        }
    }

    /// Whether a slow browser has taken some of the response since this was last asked.
    private func isStillWriting() -> Bool {
        let option = try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)
        let pending = option ?? 0
        defer { lastPending = pending }
        return pending > 0 && pending != lastPending
    }
}
