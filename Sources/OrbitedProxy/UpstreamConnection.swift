import NIOCore
import NIOHTTP1

/// The last handler of a connection to an application: lent to one exchange at a time, unused in between.
final class UpstreamConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private enum State {
        /// Connected, and nobody's yet.
        case fresh
        case lent(ProxyExchange)
        /// The response is complete, but more may follow it in the bytes that came with it, and that would be nobody's.
        case settling
        case idle
        case closed
    }

    let application: Application
    private var state = State.fresh
    private var context: ChannelHandlerContext?

    /// The pool that the connection goes to when it has settled.
    weak var proxy: ReverseProxy?

    init(application: Application) {
        self.application = application
    }

    /// Hands the connection to an exchange, until it gives it back or is told of a failure.
    func lend(to exchange: ProxyExchange) {
        state = .lent(exchange)
    }

    /// Takes the connection back from its exchange.
    func release(reuse: Bool) {
        guard case .lent = state else { return }
        state = .settling
        if !reuse { close() }
    }

    func close() {
        state = .closed
        context?.close(promise: nil)
    }

    func write(_ part: HTTPClientRequestPart) {
        context?.write(wrapOutboundOut(part), promise: nil)
    }

    func flush() {
        context?.flush()
    }

    func read() {
        context?.read()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch state {
        case .lent(let exchange):
            exchange.received(unwrapInboundIn(data))
        case .fresh, .settling:
            close()
        case .idle:
            proxy?.lost(self)
            close()
        case .closed:
            break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        switch state {
        case .lent(let exchange):
            exchange.readCompleted()
        case .settling:
            settle(on: context.channel)
        case .fresh, .idle, .closed:
            break
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard case .lent(let exchange) = state else { return }
        exchange.upstreamWritabilityChanged(isWritable: context.channel.isWritable)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(.receiving(error))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(.closedEarly)
    }

    /// Becomes unused. A read is left pending, so that whatever comes now, be it only the end, is seen at once.
    private func settle(on channel: any Channel) {
        guard let proxy, channel.isActive, channel.isWritable else {
            close()
            return
        }
        state = .idle
        read()
        proxy.settled(self)
    }

    private func end(_ failure: ProxyFailure) {
        let last = state
        state = .closed
        switch last {
        case .lent(let exchange): exchange.lostConnection(failure)
        case .idle: proxy?.lost(self)
        case .fresh, .settling, .closed: break
        }
    }
}
