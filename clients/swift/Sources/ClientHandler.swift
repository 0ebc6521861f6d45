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

    func send(_ recipients: [ConnectionKey], _ body: ByteBuffer) -> EventLoopFuture<Reply> {
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
        EventFrame(id: id, recipients: recipients, body: body).write(into: &frame)
        context.writeAndFlush(Self.wrapOutboundOut(frame), promise: nil)
        return promise.futureResult
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        decoder.append(Self.unwrapInboundIn(data))
        do throws(ReplyError) {
            while let reply = try decoder.next() { take(reply) }
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
        guard let done = pending.removeValue(forKey: id) else { return }
        done.timer.cancel()
        done.promise.succeed(reply)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failure = .connectionLost("\(error)")
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        let lost = pending.values
        pending = [:]
        for event in lost {
            event.timer.cancel()
            event.promise.fail(failure)
        }
    }
}
