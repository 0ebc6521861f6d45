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
        /// How long a browser may take nothing while bytes wait for it.
        let write: TimeAmount
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
    /// For a peer in the middle of an upload.
    static let longLinger = TimeAmount.seconds(5)

    private let limits: Limits
    private var phase = Phase.waiting
    private var meter = HeadMeter()
    private var hasBegunResponse = false
    private var stall = StallWatch()
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
            hasBegunResponse = false
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

    /// The application takes no more of an upload, or takes it again: meanwhile its time is not the browser's.
    func uploadPaused(_ isPaused: Bool) {
        if case .upload = phase { watch(.upload, isPaused ? nil : limits.idle) }
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

    /// Closes this side behind what has been written, and drops what still comes: were the connection closed with bytes
    /// unread, the system would reset it, and the browser might never see the response.
    func closeOutputWhenWritten() {
        guard let context else { return }
        watch(.lingering, Self.longLinger)
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
        guard let context else { return }
        let pending = context.channel.pendingBytes
        if stall.isStalled(pending: pending, now: now, limit: limits.write) {
            context.close(promise: nil)
        } else if let deadline, deadline <= now {
            expire(context, isWriting: pending > 0)
        }
    }

    private func expire(_ context: ChannelHandlerContext, isWriting: Bool) {
        switch phase {
        case .head, .form, .upload:
            if hasBegunResponse { context.close(promise: nil) } else { lastWords(.tooSlow) }
        case .waiting, .closing:
            // A slow browser that still takes some of the response is not idle.
            if isWriting { watch(phase, limits.idle) } else { context.close(promise: nil) }
        case .lingering:
            context.close(promise: nil)
        case .response:
            break
        }
    }
}
