import NIOCore
import OrbitedWire

/// Sends events and matches replies to them by id. Confined to the channel's loop.
final class ClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private struct Pending {
        let promise: EventLoopPromise<Reply>
        let timer: Scheduled<Void>
    }

    private let eventLoop: any EventLoop
    private let timeout: TimeAmount
    private var decoder = ReplyDecoder()
    private var pending: [String: Pending] = [:]
    private var watches: [String: WatchReader] = [:]
    private var lastID: UInt64 = 0
    private var context: ChannelHandlerContext?
    private var failure = OrbitedClientError.connectionLost("closed")

    init(eventLoop: any EventLoop, timeout: TimeAmount) {
        self.eventLoop = eventLoop
        self.timeout = timeout
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    /// Sends a frame that is written under an id of its own.
    func send(_ write: (_ id: String, _ frame: inout ByteBuffer) -> Void) -> EventLoopFuture<Reply> {
        guard let context, context.channel.isActive else {
            return eventLoop.makeFailedFuture(OrbitedClientError.notConnected)
        }
        lastID += 1
        let id = String(lastID)
        let promise = eventLoop.makePromise(of: Reply.self)
        let timer = eventLoop.assumeIsolated().scheduleTask(in: timeout) {
            guard let late = self.pending.removeValue(forKey: id) else { return }
            late.promise.fail(OrbitedClientError.timedOut)
        }
        pending[id] = Pending(promise: promise, timer: timer)
        var frame = ByteBuffer()
        write(id, &frame)
        context.writeAndFlush(Self.wrapOutboundOut(frame), promise: nil)
        return promise.futureResult
    }

    /// Begins a watch; its notices go to the reader, from the first one on.
    func watch(_ request: WatchRequest, reader: WatchReader) -> EventLoopFuture<Reply> {
        let reply = send { id, frame in
            watches[id] = reader
            ControlRequest.watch(request).write(id: id, into: &frame)
        }
        reply.assumeIsolated().whenComplete { result in
            switch result {
            case .success(let reply) where reply.isSuccess: break
            case .success(let reply): self.watches[reply.id ?? ""] = nil
            case .failure: self.watches = self.watches.filter { $0.value !== reader }
            }
        }
        return reply
    }

    /// Ends a watch whose reader wants no more.
    func unwatch(_ reader: WatchReader) {
        guard let name = watches.first(where: { $0.value === reader })?.key else { return }
        watches[name] = nil
        _ = send { ControlRequest.unwatch(name: name).write(id: $0, into: &$1) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        decoder.append(Self.unwrapInboundIn(data))
        do throws(ReplyError) {
            while let message = try decoder.next() {
                switch message {
                case .reply(let reply): take(reply)
                case .notice(let notice, let watch, let epoch): watches[watch]?.take(notice, epoch: epoch)
                }
            }
        } catch {
            failure = .protocolViolated(error.description)
            context.close(promise: nil)
        }
    }

    private func take(_ reply: Reply) {
        // A failure without an id is about the connection: the server closes it, and says so to all that wait.
        guard let id = reply.id else {
            failure = .connectionLost(reply.message)
            return
        }
        guard let done = pending.removeValue(forKey: id) else {
            // A failure under the name of a watch that has begun is its end. [CTL-147]
            if !reply.isSuccess { watches.removeValue(forKey: id)?.end(.refused(reply.message, code: reply.code)) }
            return
        }
        done.timer.cancel()
        done.promise.succeed(reply)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failure = .connectionLost("\(error)")
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        for reader in watches.values { reader.end(failure) }
        watches = [:]
        let lost = pending.values
        pending = [:]
        for event in lost {
            event.timer.cancel()
            event.promise.fail(failure)
        }
    }
}
