import NIOCore
import OrbitedCore
import OrbitedWire

/// One control connection: events come in, receipts go out. `protocol/control.md`. Confined to the loop.
final class ControlHandler: ChannelInboundHandler, Closable, ReportTaker {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        /// Frames are taken.
        case open
        /// No frame is taken any more, what was taken is still answered: the peer has closed its side [CTL-91], or the
        /// decoder has closed after a fault [CTL-83].
        case finishing
        /// The server shuts down: the frame that has begun is refused, what was taken is still answered. [CTL-95]
        case refusing
        /// This side is closed; what still comes is dropped, so that the peer gets to read the last replies.
        case lingering
    }

    let shardLoop: ShardLoop
    let limits: ControlConnectionLimits
    private var decoder: ControlDecoder
    private var receipts: InFlight
    private var replies = ByteBuffer()
    private var state = State.open
    private var peerHasClosed = false
    private var context: ChannelHandlerContext?
    private(set) var sink: LoopSink<ControlHandler>?
    var watches = ControlWatches()
    /// Whether frames are carried out: the server has no secret, or has been shown it. [CTL-130]
    var isLetIn: Bool
    private var stall = StallWatch()
    private var frameClock: FrameClock
    private var frameTimer: Scheduled<Void>?
    private var framesEnded: UInt64 = 0
    private var isReading = false
    private var isAutoReading = true

    init(shardLoop: ShardLoop, limits: ControlConnectionLimits) {
        self.shardLoop = shardLoop
        self.limits = limits
        self.decoder = ControlDecoder(limits: limits.frame)
        self.receipts = InFlight()
        self.isLetIn = limits.secret == nil
        self.frameClock = FrameClock(timeout: limits.frameTimeout)
    }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        sink = LoopSink(self, eventLoop: context.eventLoop)
        shardLoop.opened(self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard state != .lingering else { return }
        isReading = true
        decoder.append(Self.unwrapInboundIn(data))
        decode()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        flush()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        writeNotices()
        decode()
        flush()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .some(.inputClosed) = event as? ChannelEvent else { return }
        peerHasClosed = true
        switch state {
        case .open: state = .finishing
        case .finishing, .refusing: break
        case .lingering: return context.close(promise: nil)
        }
        isReading = false
        decode()
        flush()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        shardLoop.logger.debug("control connection failed", metadata: ["error": "\(error)"])
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        state = .lingering
        stopFrameTimer()
        watches.end(on: shardLoop.shard.switchboard)
        sink = nil
        self.context = nil
        limits.connections.leave()
        shardLoop.closed(self)
    }

    // MARK: Events in

    /// Takes what the decoder has, as far as the bounds on what is in flight allow. [CTL-88]
    ///
    /// Receipts that come back at once make room again, hence the loop.
    private func decode() {
        while takeFrames() { shardLoop.drain() }
        setAutoRead(canTakeMore)
        watchFrame()
    }

    /// Takes frames until the decoder has no more, or there is no room; answers whether a shard has an event now.
    private func takeFrames() -> Bool {
        guard let sink else { return false }
        var hasPublished = false
        while state != .lingering, canTakeMore, let output = decoder.next() {
            framesEnded &+= 1
            switch (output, state) {
            case (.event(let frame), .refusing):
                refuse(frame.id)
            case (.request(let id, _), .refusing):
                refuse(id)
            case (.event(let frame), _) where isLetIn:
                hasPublished = publish(frame, to: sink) || hasPublished
            case (.event(let frame), _):
                reply(.fault(id: frame.id, ControlFault(.authRequired)))
            case (.request(let id, let request), _):
                carryOut(request, id: id)
            case (.failure(let failure), _):
                reply(.fault(id: failure.id, failure.fault))
                if failure.closes, state == .open { state = .finishing }
            }
        }
        return hasPublished
    }

    /// The server takes no further frame. [CTL-97]
    private func refuse(_ id: String) {
        reply(.fault(id: id, ControlFault(.shuttingDown)))
        decoder.close()
    }

    /// Takes nothing more, and closes when all that was taken is answered.
    func finish() {
        decoder.close()
        if state == .open { state = .finishing }
    }

    var canTakeMore: Bool {
        receipts.count < limits.maxInFlight && receipts.bytes < limits.maxInFlightBytes
            && context?.channel.isWritable == true
    }

    /// Sends an event on its way; answers whether a shard has it now.
    private func publish(_ frame: EventFrame, to sink: LoopSink<ControlHandler>) -> Bool {
        let event = Event(
            body: frame.body, recipients: frame.recipients, number: receipts.nextNumber, sink: sink, time: .now(),
            id: frame.id, terms: frame.terms)
        let routing = shardLoop.shard.switchboard.publish(event, caller: shardLoop.shard.index)
        let open = InFlight.Entry(
            id: frame.id, hasReasons: frame.terms != nil, receipt: Receipt(event: event, routing: routing))
        if open.receipt.isComplete { answer(open) } else { receipts.add(open) }
        return routing.sent > 0
    }

    // MARK: Receipts out

    /// Takes what shards tell of events.
    func take(_ reports: [Report]) {
        guard context != nil else { return }
        for report in reports {
            if let complete = receipts.take(report) { answer(complete) }
        }
        if !isReading {
            decode()
            flush()
        }
    }

    private func answer(_ event: InFlight.Entry) { reply(event.reply) }

    /// Writes the notices that wait, as far as the client reads them, and gives them to the socket unless that comes
    /// anyway.
    func takeNotices() {
        writeNotices()
        if !isReading { flush() }
    }

    private func writeNotices() {
        guard state != .lingering, context?.channel.isWritable == true else { return }
        watches.write(from: shardLoop.shard.switchboard, into: &replies)
    }

    func reply(_ reply: ControlReply) {
        reply.write(into: &replies)
    }

    func tell(_ notices: [Notice], watch name: String) {
        let epoch = shardLoop.shard.switchboard.epochText
        for notice in notices { notice.write(watch: name, epoch: epoch, into: &replies) }
    }

    /// Gives all replies that are ready to the socket in one write, and ends the connection if nothing is left to say.
    private func flush() {
        guard let context, !isReading else { return }
        let isDone =
            state != .open && state != .lingering && receipts.count == 0 && canTakeMore && !awaitsNotices
        if isDone {
            // Notices first: the last session may have ended on another loop since they were taken. [CTL-137]
            writeNotices()
            refuseFrameInPart()
        }
        if replies.readableBytes > 0 {
            // Taken out first: the write may change the channel's writability, which comes back here.
            let ready = replies
            replies = ByteBuffer()
            context.writeAndFlush(Self.wrapOutboundOut(ready), promise: nil)
        }
        if isDone, state != .lingering { linger(context) }
    }

    /// Whether sessions are left whose end is to be told before the server's. [CTL-137]
    private var awaitsNotices: Bool {
        state == .refusing && watches.count > 0 && shardLoop.shard.switchboard.sessionCount > 0
    }

    private func linger(_ context: ChannelHandlerContext) {
        state = .lingering
        stopFrameTimer()
        setAutoRead(true)
        let written = context.eventLoop.makePromise(of: Void.self)
        if peerHasClosed {
            // With both sides closed NIO would drop what has not left yet.
            written.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
            return context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer()), promise: written)
        }
        context.close(mode: .output, promise: written)
        written.futureResult.assumeIsolated().whenComplete { _ in
            context.eventLoop.assumeIsolated().scheduleTask(in: ControlConnectionLimits.linger) {
                context.close(promise: nil)
            }
        }
    }

    private func setAutoRead(_ isOn: Bool) {
        guard let options = context?.channel.syncOptions, isAutoReading != isOn else { return }
        isAutoReading = isOn
        try? options.setOption(.autoRead, value: isOn)
    }

    // MARK: Time

    /// Watches that a frame which has begun ends in time. [CTL-85]
    private func watchFrame() {
        let isWatched = decoder.isInFrame && state == .open
        frameClock.update(frame: isWatched ? framesEnded : nil, isReading: canTakeMore) { .now() }
        guard let context, frameTimer == nil, let deadline = frameClock.deadline else { return }
        frameTimer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            self.frameTimer = nil
            guard let deadline = self.frameClock.deadline else { return }
            if deadline <= .now() { self.frameTimedOut() } else { self.watchFrame() }
        }
    }

    private func stopFrameTimer() {
        frameTimer?.cancel()
        frameTimer = nil
    }

    private func frameTimedOut() {
        if !decoder.isSkippingBody {
            let seconds = max(1, Int(limits.frameTimeout.nanoseconds / 1_000_000_000))
            reply(.fault(id: decoder.idInFrame, ControlFault(.frameTimeout, limit: seconds)))
        }
        state = .finishing
        decoder.close()
        flush()
    }

    // MARK: Shutting down

    /// An application that reads none of its replies is not waited for without end. The time of frames has a timer of
    /// its own. [CTL-100]
    func checkTime(_ now: NIODeadline) {
        guard let context else { return }
        if stall.isStalled(pending: context.channel.pendingBytes, now: now, limit: limits.frameTimeout) {
            shardLoop.logger.info("dropped an application that reads nothing")
            context.close(promise: nil)
        }
    }

    func refuseEvents() {
        guard state == .open else { return }
        decode()
        if state == .open { state = .refusing }
    }

    func shutDown() {
        decode()
        writeNotices()
        flush()
    }

    func abort() {
        // Fates that are not told yet come within a moment; who reads nothing is not waited for.
        if context?.channel.isWritable == false { context?.close(promise: nil) }
    }

    /// The frame that was begun when the server stopped taking frames, and has not come whole. [CTL-97] [CTL-92]
    private func refuseFrameInPart() {
        guard state == .refusing, !peerHasClosed, decoder.isInFrame, !decoder.isSkippingBody else { return }
        reply(.fault(id: decoder.idInFrame, ControlFault(.shuttingDown)))
        decoder.close()
    }
}
