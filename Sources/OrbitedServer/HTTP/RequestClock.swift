import NIOCore
import NIOHTTP1

/// Watches the time of an HTTP connection, first in its pipeline, where it sees bytes before they are a request: a head
/// or a form that comes too slowly, a kept connection that stays unused. [BRW-22] Confined to the loop.
final class RequestClock: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The times that are watched.
    struct Limits {
        /// From the first byte of a head, or from the connection's beginning, to the head's end; again for a form.
        let head: TimeAmount
        /// From a response to the next request, or between two parts of a proxied request.
        let idle: TimeAmount
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
        /// The last words are said; what still comes is dropped.
        case lingering
    }

    private static let linger = TimeAmount.seconds(1)

    private let limits: Limits
    private var phase = Phase.waiting
    private var deadline: NIODeadline?
    private var timer: Scheduled<Void>?
    private var timerTime = NIODeadline.distantFuture
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
        timer?.cancel()
        timer = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch phase {
        case .waiting: watch(.head, limits.head)
        case .upload: watch(.upload, limits.idle)
        case .head, .form, .response: break
        case .lingering: return
        }
        context.fireChannelRead(data)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .lingering = phase, case .some(.inputClosed) = event as? ChannelEvent {
            return context.close(promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: What the HTTP handler tells

    /// A head has come whole.
    func headReceived(isProxied: Bool) {
        if isProxied { watch(.upload, limits.idle) } else { watch(.form, limits.head) }
    }

    /// The request has come whole.
    func requestEnded() { watch(.response, nil) }

    /// The response has gone; another request may come on this connection.
    func responseEnded() { watch(.waiting, limits.idle) }

    /// Says one last thing past the HTTP handlers, closes this side, and drops what still comes, so that the peer gets to
    /// read it. [BRW-21]
    func lastWords(_ fault: HTTPFault) {
        guard let context else { return }
        watch(.lingering, Self.linger)
        let text = "\(fault.message)\n"
        let head =
            "HTTP/1.1 \(fault.status.code) \(fault.status.reasonPhrase)\r\nContent-Type: text/plain; charset=utf-8\r\n"
            + "Content-Length: \(text.utf8.count)\r\nConnection: close\r\n\r\n"
        context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(string: head + text)), promise: nil)
        context.close(mode: .output, promise: nil)
    }

    // MARK: Time

    private func watch(_ phase: Phase, _ time: TimeAmount?) {
        self.phase = phase
        deadline = time.map { .now() + $0 }
        setTimer()
    }

    /// One timer serves all deadlines: one that is set too early looks again when it fires.
    private func setTimer() {
        guard let context, let deadline, deadline < timerTime else { return }
        timer?.cancel()
        timerTime = deadline
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.timerFired() }
    }

    private func timerFired() {
        timer = nil
        timerTime = .distantFuture
        guard let deadline else { return }
        if deadline > .now() { setTimer() } else { expire() }
    }

    private func expire() {
        switch phase {
        case .head, .form, .upload: lastWords(.tooSlow)
        case .waiting, .lingering: context?.close(promise: nil)
        case .response: break
        }
    }
}
