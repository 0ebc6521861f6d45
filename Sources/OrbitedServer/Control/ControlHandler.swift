import NIOCore
import OrbitedCore
import OrbitedWire

/// One control connection: events come in, receipts go out. `protocol/control.md`. Confined to the loop.
final class ControlHandler: ChannelInboundHandler, Closable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        /// Events are taken.
        case open
        /// The peer has closed its side: what was accepted is still answered. [CTL-40]
        case finishing
        /// The server shuts down: events are refused, what was accepted is still answered. [CTL-50]
        case refusing
        /// This side is closed; what still comes is dropped, so that the peer gets to read the last replies.
        case lingering
    }

    private let shardLoop: ShardLoop
    private let limits: ControlConnectionLimits
    private var decoder: ControlDecoder
    private var receipts: InFlight
    private var replies = ByteBuffer()
    private var state = State.open
    private var context: ChannelHandlerContext?
    private var sink: ControlSink?
    private var frameTimer: Scheduled<Void>?
    private var framesBegun: UInt64 = 0
    private var isReading = false
    private var isAutoReading = true

    init(shardLoop: ShardLoop, limits: ControlConnectionLimits) {
        self.shardLoop = shardLoop
        self.limits = limits
        self.decoder = ControlDecoder(limits: limits.frame)
        self.receipts = InFlight()
    }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        sink = ControlSink(self, eventLoop: context.eventLoop)
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
        decode()
        flush()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .some(.inputClosed) = event as? ChannelEvent else { return }
        switch state {
        case .open, .refusing: state = .finishing
        case .finishing: break
        case .lingering: return context.close(promise: nil)
        }
        isReading = false
        flush()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        shardLoop.logger.debug("control connection failed", metadata: ["error": "\(error)"])
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        state = .lingering
        frameTimer?.cancel()
        frameTimer = nil
        sink = nil
        self.context = nil
        shardLoop.closed(self)
    }

    // MARK: Events in

    /// Takes what the decoder has, as far as the bounds on what is in flight allow.
    private func decode() {
        guard let sink else { return }
        var hasPublished = false
        while canTakeMore, let output = decoder.next() {
            framesBegun &+= 1
            switch (output, state) {
            case (.event(let frame), .refusing):
                reply(.fault(id: frame.id, ControlFault(.shuttingDown)))
            case (.event(let frame), _):
                hasPublished = publish(frame, to: sink) || hasPublished
            case (.failure(let failure), _):
                reply(.fault(id: failure.id, failure.fault))
                if failure.closes { state = .finishing }
            }
        }
        if hasPublished { shardLoop.drain() }
        setAutoRead(canTakeMore)
        watchFrame()
    }

    private var canTakeMore: Bool {
        receipts.count < limits.maxInFlight && receipts.bytes < limits.maxInFlightBytes && context?.channel.isWritable == true
    }

    /// Sends an event on its way; answers whether a shard has it now.
    private func publish(_ frame: EventFrame, to sink: ControlSink) -> Bool {
        let event = Event(
            body: frame.body, recipients: frame.recipients, number: receipts.nextNumber, sink: sink)
        let routing = shardLoop.shard.switchboard.publish(event, caller: shardLoop.shard.index)
        let receipt = Receipt(event: event, routing: routing)
        if receipt.isComplete { answer(frame.id, receipt) } else { receipts.add(receipt, id: frame.id) }
        return routing.sent > 0
    }

    // MARK: Receipts out

    /// Takes what shards tell of events.
    func take(_ reports: [Report]) {
        guard context != nil else { return }
        for report in reports {
            if let (id, receipt) = receipts.take(report) { answer(id, receipt) }
        }
        if !isReading {
            decode()
            flush()
        }
    }

    private func answer(_ id: String, _ receipt: Receipt) {
        let unreached = receipt.unreachedRecipients
        reply(unreached.isEmpty ? .success(id: id) : .unreached(id: id, recipients: unreached))
    }

    private func reply(_ reply: ControlReply) {
        reply.write(into: &replies)
    }

    /// Gives all replies that are ready to the socket in one write, and ends the connection if nothing is left to say.
    private func flush() {
        guard let context, !isReading else { return }
        if replies.readableBytes > 0 {
            context.writeAndFlush(Self.wrapOutboundOut(replies), promise: nil)
            replies = ByteBuffer()
        }
        switch state {
        case .open, .lingering: break
        case .finishing, .refusing: if receipts.count == 0, canTakeMore { linger(context) }
        }
    }

    private func linger(_ context: ChannelHandlerContext) {
        let peerHasClosed = state == .finishing && !decoder.isClosed
        state = .lingering
        frameTimer?.cancel()
        setAutoRead(true)
        let written = context.eventLoop.makePromise(of: Void.self)
        context.close(mode: .output, promise: written)
        written.futureResult.assumeIsolated().whenComplete { _ in
            if peerHasClosed { return context.close(promise: nil) }
            context.eventLoop.assumeIsolated().scheduleTask(in: self.limits.linger) { context.close(promise: nil) }
        }
    }

    private func setAutoRead(_ isOn: Bool) {
        guard let options = context?.channel.syncOptions, isAutoReading != isOn else { return }
        isAutoReading = isOn
        try? options.setOption(.autoRead, value: isOn)
    }

    // MARK: Time

    /// Watches that a frame which has begun ends in time. [CTL-36]
    private func watchFrame() {
        guard let context, frameTimer == nil, decoder.isInFrame, state == .open else { return }
        let frame = framesBegun
        frameTimer = context.eventLoop.assumeIsolated().scheduleTask(in: limits.frameTimeout) {
            self.frameTimer = nil
            if self.framesBegun == frame, self.canTakeMore { self.frameTimedOut() } else { self.watchFrame() }
        }
    }

    private func frameTimedOut() {
        guard decoder.isInFrame, state == .open else { return }
        let seconds = Int(limits.frameTimeout.nanoseconds / 1_000_000_000)
        reply(.fault(id: decoder.idInFrame, ControlFault(.frameTimeout, limit: seconds)))
        state = .finishing
        decoder.close()
        flush()
    }

    // MARK: Shutting down

    func refuseEvents() {
        guard state == .open else { return }
        decode()
        state = .refusing
    }

    func shutDown() {
        decode()
        flush()
    }
}
