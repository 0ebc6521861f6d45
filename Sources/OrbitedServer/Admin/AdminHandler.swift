import NIOCore
import NIOHTTP1
import OrbitedCore
import OrbitedJSON
import OrbitedWire

/// One connection of the admin port: requests in JSON, one after the other. `protocol/control-http.md`. Confined to the
/// loop.
final class AdminHandler: ChannelInboundHandler, Closable, ReportTaker {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        case idle
        /// A request is coming in.
        case receiving(HTTPRequestHead, body: ByteBuffer)
        /// The last answer has been given.
        case closing
        /// A request was answered before all of it had come; what still comes of it is dropped until then, so that the
        /// answer is read: bytes that nobody has taken would reset the connection at its end.
        case lingering(until: NIODeadline)
        /// An event waits for its receipt.
        case waiting(HTTPRequestHead)
        case closed
    }

    private let shardLoop: ShardLoop
    private let limits: ControlConnectionLimits
    private var state = State.idle
    private var events = InFlight()
    private var sink: LoopSink<AdminHandler>?
    private var context: ChannelHandlerContext?
    private var isShuttingDown = false
    private var since = NIODeadline.now()
    private var stall = StallWatch()

    init(shardLoop: ShardLoop, limits: ControlConnectionLimits) {
        self.shardLoop = shardLoop
        self.limits = limits
    }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        sink = LoopSink(self, eventLoop: context.eventLoop)
        shardLoop.opened(self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        since = .now()
        switch (Self.unwrapInboundIn(data), state) {
        case (.head(let head), .idle):
            state = .receiving(head, body: ByteBuffer())
            if head.headers.first(name: "Expect")?.lowercased() == "100-continue" { sayContinue(head) }
        case (.body(let bytes), .receiving(let head, var body)):
            // Let go of first, so that the bytes are not copied.
            state = .idle
            body.writeImmutableBuffer(bytes)
            let limit = AdminLimits.body(limits.frame)
            guard body.readableBytes <= limit else {
                return answerEarly(head, AdminFault(ControlFault(.bodyTooLarge, limit: limit)))
            }
            state = .receiving(head, body: body)
        case (.end, .receiving(let head, let body)): carryOut(head, body)
        case (.end, .lingering): context.close(promise: nil)
        case (.head, _), (.body, _), (.end, _): break
        }
    }

    private func sayContinue(_ head: HTTPRequestHead) {
        context?.writeAndFlush(
            Self.wrapOutboundOut(.head(HTTPResponseHead(version: head.version, status: .continue))), promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .some(.inputClosed) = event as? ChannelEvent else { return }
        if case .waiting = state { isShuttingDown = true } else { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        shardLoop.logger.debug("admin connection failed", metadata: ["error": "\(error)"])
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        state = .closed
        sink = nil
        self.context = nil
        limits.connections.leave()
        shardLoop.closed(self)
    }

    // MARK: Calls

    private func carryOut(_ head: HTTPRequestHead, _ body: ByteBuffer) {
        guard !isShuttingDown else { return answer(head, AdminFault(ControlFault(.shuttingDown))) }
        do throws(AdminFault) {
            guard let target = RequestTarget(head.uri) else { throw .noPage }
            // Before anything else is said about the request.
            guard AdminCall.isOpen(target) || isLetIn(head) else { throw .noSecret }
            carryOut(try AdminCall(head.method, target, body: body, limits: limits.frame), head)
        } catch {
            answer(head, error)
        }
    }

    private func isLetIn(_ head: HTTPRequestHead) -> Bool {
        guard let secret = limits.secret else { return true }
        let scheme = "bearer "
        guard let value = head.headers.first(name: "Authorization"), value.lowercased().hasPrefix(scheme) else {
            return false
        }
        return secret.isShown(by: value.utf8.dropFirst(scheme.utf8.count).map { $0 })
    }

    private func carryOut(_ call: AdminCall, _ head: HTTPRequestHead) {
        let switchboard = shardLoop.shard.switchboard
        switch call {
        case .health:
            answer(
                head,
                [
                    ("status", "ok"), ("version", .string(OrbitedVersion.text)),
                    ("sessions", .integer(Int64(switchboard.sessionCount))),
                ])
        case .keys(let recipients, let limit):
            let keys = switchboard.keys(recipients)
            answer(
                head,
                [
                    ("keys", .array(keys.prefix(limit).map { .string($0.description) })),
                    ("more", .boolean(keys.count > limit)),
                ])
        case .close(let recipients, let reason):
            answer(head, [("closed", .integer(Int64(switchboard.close(recipients, reason: reason))))])
        case .event(let keys, let body, let terms): publish(keys, body, terms, head)
        }
    }

    private func publish(
        _ keys: [ConnectionKey], _ body: ByteBuffer, _ terms: EventFrame.Terms, _ head: HTTPRequestHead
    ) {
        guard let sink else { return }
        state = .waiting(head)
        let event = Event(
            body: body, recipients: keys, number: events.nextNumber, sink: sink, time: .now(), terms: terms)
        let routing = shardLoop.shard.switchboard.publish(event, caller: shardLoop.shard.index)
        let entry = InFlight.Entry(id: "", hasReasons: true, receipt: Receipt(event: event, routing: routing))
        if entry.receipt.isComplete { return tell(entry.receipt) }
        events.add(entry)
        shardLoop.drain()
    }

    /// Takes what shards tell of events.
    func take(_ reports: [Report]) {
        for report in reports {
            if let complete = events.take(report) { tell(complete.receipt) }
        }
    }

    /// [HTC-7]
    private func tell(_ receipt: Receipt) {
        guard case .waiting(let head) = state else { return }
        let unreached = receipt.fates.map { fate in
            JSON.object(
                JSONObject([
                    ("key", .string(fate.key.description)), ("code", .integer(Int64(fate.reason.rawValue))),
                    ("name", .string(fate.reason.name)),
                ]))
        }
        answer(head, [("reached", .integer(Int64(receipt.reached))), ("unreached", .array(unreached))])
    }

    // MARK: Answers

    private func answer(_ head: HTTPRequestHead, _ members: [(String, JSON)]) {
        answer(head, .ok, .object(JSONObject(members)))
    }

    private func answer(_ head: HTTPRequestHead, _ fault: AdminFault) {
        answer(head, fault.status, fault.json, fault.headers)
    }

    private func answer(
        _ head: HTTPRequestHead, _ status: HTTPResponseStatus, _ body: JSON,
        _ more: [(name: String, value: String)] = []
    ) {
        let stays = head.isKeepAlive && !isShuttingDown
        let written = write(head, status, body, more, stays: stays)
        state = stays ? .idle : .closing
        if !stays { written?.assumeIsolated().whenComplete { _ in self.context?.close(promise: nil) } }
    }

    /// Answers a request that has not come whole, and closes this side. [HTC-13]
    private func answerEarly(_ head: HTTPRequestHead, _ fault: AdminFault) {
        _ = write(head, fault.status, fault.json, fault.headers, stays: false)
        state = .lingering(until: .now() + RequestClock.longLinger)
        context?.close(mode: .output, promise: nil)
    }

    /// Writes a whole response; the future tells when it has left.
    private func write(
        _ head: HTTPRequestHead, _ status: HTTPResponseStatus, _ body: JSON, _ more: [(name: String, value: String)],
        stays: Bool
    ) -> EventLoopFuture<Void>? {
        guard let context else { return nil }
        let bytes = ByteBuffer(bytes: body.compactBytes + [UInt8(ascii: "\n")])
        var headers = HTTPHeaders([
            ("Content-Type", "application/json"), ("Content-Length", "\(bytes.readableBytes)"),
            ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"),
            ("Connection", stays ? "keep-alive" : "close"),
        ])
        for header in more { headers.add(name: header.name, value: header.value) }
        let response = HTTPResponseHead(version: head.version, status: status, headers: headers)
        context.write(Self.wrapOutboundOut(.head(response)), promise: nil)
        if head.method != .HEAD { context.write(Self.wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil) }
        let written = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: written)
        return written.futureResult
    }

    // MARK: Time and shutting down

    /// A request has as long as a frame on the control port, and a connection without one as well. [HTC-3]
    func checkTime(_ now: NIODeadline) {
        guard let context else { return }
        if stall.isStalled(pending: context.channel.pendingBytes, now: now, limit: limits.frameTimeout) {
            return context.close(promise: nil)
        }
        if case .lingering(let end) = state, end <= now { return context.close(promise: nil) }
        guard since + limits.frameTimeout <= now else { return }
        switch state {
        case .receiving(let head, _): answerEarly(head, AdminFault.tooSlow)
        case .idle, .closing, .lingering: context.close(promise: nil)
        case .waiting, .closed: break
        }
    }

    func refuseEvents() { isShuttingDown = true }

    func shutDown() {
        isShuttingDown = true
        if case .idle = state { context?.close(promise: nil) }
    }

    func abort() {
        // Fates that are not told yet come within a moment.
        if case .waiting = state { return }
        context?.close(promise: nil)
    }
}
