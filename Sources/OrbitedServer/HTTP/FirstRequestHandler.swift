import NIOCore
import NIOHTTP1
import OrbitedTransports

/// A browser's new connection until its first request is there. Confined to the loop.
///
/// Most browsers come to ask plainly for a stream, and become one at once: a pipeline for HTTP takes longer to set up, and
/// to take down again, than all the rest. Any other request, good or bad, gets that pipeline, with its bytes as they came.
final class FirstRequestHandler: ChannelInboundHandler, RemovableChannelHandler, Closable {
    typealias InboundIn = ByteBuffer

    private let shardLoop: ShardLoop
    private let settings: HTTPSettings
    private let limits: RequestClock.Limits
    /// Sets up the pipeline for HTTP.
    private let speakHTTP: (any Channel) throws -> HTTPHandler
    private let deadline: NIODeadline
    private var context: ChannelHandlerContext?
    private var bytes: ByteBuffer?
    private var isShuttingDown = false

    init(
        shardLoop: ShardLoop, settings: HTTPSettings, limits: RequestClock.Limits,
        speakHTTP: @escaping (any Channel) throws -> HTTPHandler
    ) {
        self.shardLoop = shardLoop
        self.settings = settings
        self.limits = limits
        self.speakHTTP = speakHTTP
        deadline = .now() + limits.head
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
        let read = Self.unwrapInboundIn(data)
        if bytes == nil { bytes = read } else { bytes?.writeImmutableBuffer(read) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        guard let bytes else { return }
        if let request = streamRequest(bytes) { becomeStream(request, context) } else { leaveToHTTP(context) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .some(.inputClosed) = event as? ChannelEvent else { return }
        // A browser that says nothing more, and has said nothing, has gone.
        guard bytes != nil else { return context.close(promise: nil) }
        let pipeline = context.pipeline.syncOperations
        leaveToHTTP(context)
        pipeline.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        settings.connections.leave()
        shardLoop.closed(self)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        shardLoop.logger.debug("HTTP connection failed", metadata: ["error": "\(error)"])
        context.close(promise: nil)
    }

    // MARK: Closable

    func checkTime(_ now: NIODeadline) {
        if deadline <= now { abort() }
    }

    func refuseEvents() { isShuttingDown = true }

    func shutDown() { abort() }

    func abort() { context?.close(promise: nil) }

    // MARK: The request

    private struct StreamRequest {
        let url: EventURL
        let transport: Int
        let allowed: AllowedOrigin?
    }

    /// The request, if it is nothing but one for a stream, and to be granted.
    private func streamRequest(_ bytes: ByteBuffer) -> StreamRequest? {
        guard !isShuttingDown, bytes.readableBytes <= limits.headBytes, let head = PlainHead.read(bytes),
            let target = RequestTarget(head.uri), case .own(let path) = Route(target.path, rules: settings.rules)
        else { return nil }
        let question = OwnRequest.Question(head, target: target, path: path)
        let request = OwnRequest(head: head, question: question, maxBody: settings.maxForm)
        guard case .events(let url, let transport) = request.answer(settings: settings),
            settings.transports.all[transport].kind == .stream
        else { return nil }
        let allowed = settings.origins.verdict(on: request.origin).allowed
        return StreamRequest(url: url, transport: transport, allowed: allowed)
    }

    private func becomeStream(_ request: StreamRequest, _ context: ChannelHandlerContext) {
        let stream = StreamHandler(
            shardLoop: shardLoop, transport: request.transport, framing: .chunked,
            head: shardLoop.heads.head(for: request.transport, .chunked, request.allowed),
            connections: settings.connections)
        giveWay(context) { channel in
            shardLoop.becameStream(self)
            try channel.readLittle()
            try channel.pipeline.syncOperations.addHandler(stream)
        }
        if stream.isOpen { shardLoop.attach(stream, key: request.url.key, comeback: request.url.comeback) }
    }

    private func leaveToHTTP(_ context: ChannelHandlerContext) {
        let bytes = bytes ?? ByteBuffer()
        let pipeline = context.pipeline.syncOperations
        giveWay(context) { channel in
            let handler = try speakHTTP(channel)
            if isShuttingDown { handler.refuseEvents() }
            // The other one counts the connection now.
            shardLoop.closed(self)
        }
        pipeline.fireChannelRead(NIOAny(bytes))
        pipeline.fireChannelReadComplete()
    }

    /// Gives this handler's place in the pipeline to those that are added.
    private func giveWay(_ context: ChannelHandlerContext, to add: (any Channel) throws -> Void) {
        bytes = nil
        do {
            try add(context.channel)
            _ = context.pipeline.syncOperations.removeHandler(context: context)
        } catch {
            context.close(promise: nil)
        }
    }
}
