import NIOCore
import NIOHTTP1
import OrbitedCore
import OrbitedProxy
import OrbitedTransports

/// One browser connection while it speaks HTTP: decides who answers each request, and answers Orbited's own.
/// Confined to the loop.
final class HTTPHandler: ChannelInboundHandler, RemovableChannelHandler, Closable {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    enum State {
        /// No request.
        case idle
        /// Orbited's own request is coming in; it is answered at its end.
        case receiving(OwnRequest)
        /// An application answers.
        case proxying(ProxyExchange)
        /// A poll waits for its event.
        case polling(PollOutlet)
        /// Last words were said, or the channel has closed.
        case closed
    }

    let shardLoop: ShardLoop
    let settings: HTTPSettings
    let proxy: ReverseProxy
    let parts: HTTPPipelineParts
    var state = State.idle
    var context: ChannelHandlerContext?
    /// Whether the connection stays after the response that is under way.
    var keepsAlive = false
    var requestVersion = HTTPVersion.http1_1
    var requestHasEnded = true
    /// Whether the response has a head alone. [BRW-31]
    var isHeadRequest = false
    /// Whom, beside pages of the server's own origin, the response lets read it.
    var allowed: AllowedOrigin?
    /// Whether the browser knows chunks; HTTP/1.0 does not.
    var takesChunks: Bool { requestVersion.major > 1 || requestVersion == .http1_1 }
    private var isShuttingDown = false

    init(shardLoop: ShardLoop, settings: HTTPSettings, proxy: ReverseProxy, parts: HTTPPipelineParts) {
        self.shardLoop = shardLoop
        self.settings = settings
        self.proxy = proxy
        self.parts = parts
    }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        shardLoop.opened(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch Self.unwrapInboundIn(data) {
        case .head(let head): begin(head)
        case .body(let bytes): take(bytes)
        case .end(let trailers): end(trailers)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        let last = state
        state = .closed
        switch last {
        case .polling(let outlet): shardLoop.outletClosed(outlet)
        case .proxying(let exchange): exchange.clientClosed()
        case .idle, .receiving, .closed: break
        }
        settings.connections.leave()
        shardLoop.closed(self)
        context.fireChannelInactive()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if case .proxying(let exchange) = state {
            exchange.clientWritabilityChanged(isWritable: context.channel.isWritable)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .some(.inputClosed) = event as? ChannelEvent else { return }
        switch state {
        // A browser that shuts its side while it waits for an event has gone.
        case .idle: parts.clock.closeWhenWritten()
        case .receiving, .polling: context.close(promise: nil)
        // The connection ends by itself behind what has been written.
        case .closed: break
        // One that waits for an application may still read.
        case .proxying: keepsAlive = false
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        shardLoop.logger.debug("HTTP connection failed", metadata: ["error": "\(error)"])
        switch (state, error as? HTTPParserError) {
        case (.idle, let error?), (.receiving, let error?):
            state = .closed
            parts.clock.lastWords(error == .headerOverflow ? .headTooLarge : .notHTTP)
        case (.idle, nil), (.receiving, nil), (.proxying, _), (.polling, _), (.closed, nil):
            context.close(promise: nil)
        // Nothing is read any more; the connection ends by itself behind what has been written.
        case (.closed, _?):
            break
        }
    }

    // MARK: Shutting down

    func checkTime(_ now: NIODeadline) { parts.clock.check(now) }

    /// Responses that the shutdown brings about say that they are the connection's last.
    func refuseEvents() {
        isShuttingDown = true
        keepsAlive = false
    }

    func shutDown() {
        refuseEvents()
        switch state {
        case .idle:
            parts.clock.closeWhenWritten()
        case .receiving:
            state = .closed
            parts.clock.lastWords(.shuttingDown)
        // Sessions end polls, and applications their responses.
        case .polling, .proxying, .closed:
            break
        }
    }

    func abort() { context?.close(promise: nil) }

    // MARK: Requests

    private func begin(_ head: HTTPRequestHead) {
        guard case .idle = state else { return }
        requestVersion = head.version
        requestHasEnded = false
        isHeadRequest = head.method == .HEAD
        keepsAlive = head.isKeepAlive && !head.endsHTTP && !isShuttingDown
        guard let target = RequestTarget(head.uri) else { return receive(.badTarget(of: head), head) }
        switch Route(target.path, rules: settings.rules) {
        case .application(let application):
            parts.clock.headReceived(isProxied: true)
            beginProxying(head, target: target, to: application)
        case .own(let path):
            receive(OwnRequest.Question(head, target: target, path: path), head)
        }
    }

    private func receive(_ question: OwnRequest.Question, _ head: HTTPRequestHead) {
        parts.clock.headReceived(isProxied: false)
        state = .receiving(OwnRequest(head: head, question: question, maxBody: settings.maxForm))
        if head.headers["Expect"].contains(where: { $0.lowercased() == "100-continue" }) {
            context?.writeAndFlush(
                Self.wrapOutboundOut(.head(.init(version: head.version, status: .continue))), promise: nil)
        }
    }

    private func take(_ bytes: ByteBuffer) {
        switch state {
        case .receiving(var request):
            state = .closed
            guard request.take(bytes) else { return parts.clock.lastWords(.formTooLarge) }
            state = .receiving(request)
        case .proxying(let exchange):
            exchange.body(bytes)
        case .idle, .polling, .closed:
            break
        }
    }

    private func end(_ trailers: HTTPHeaders?) {
        requestHasEnded = true
        switch state {
        case .receiving(let request):
            parts.clock.requestEnded()
            carryOut(request)
        case .proxying(let exchange):
            parts.clock.requestEnded()
            exchange.end(trailers)
        case .idle, .polling, .closed:
            break
        }
    }

    private func carryOut(_ request: OwnRequest) {
        allowed = settings.origins.verdict(on: request.origin).allowed
        switch request.answer(settings: settings) {
        // The request came while the server was about to stop. [BRW-88]
        case .events where isShuttingDown && !request.isHead, .socket where isShuttingDown:
            respond(.shuttingDown, isHead: false)
        case .fault(let fault): respond(fault, isHead: request.isHead)
        case .options: respondOptions()
        case .file(let file): respond(file, request)
        case .events(let url, let number):
            switch (settings.transports.all[number].kind, request.isHead) {
            case (_, true): respondEventHead(number)
            case (.poll, false), (.batch, false): beginPoll(url, number)
            case (.stream, false): becomeStream(url, number)
            }
        case .socket(let url, let number): becomeSocket(url, number, request.head)
        case .acknowledged(let cursor, let key):
            if !request.isHead { shardLoop.acknowledge(cursor, of: key) }
            respondNothing()
        }
    }
}

extension HTTPRequestHead {
    /// Whether another protocol may follow on the connection, so that the decoder reads no request after this one.
    fileprivate var endsHTTP: Bool {
        method == .CONNECT || headers[canonicalForm: "Connection"].contains { $0.lowercased() == "upgrade" }
    }
}
