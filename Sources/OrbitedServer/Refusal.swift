import NIOCore

/// Says one thing to a connection that is one too many, and closes it so that the peer gets to read that. Confined to
/// the loop.
final class Refusal: ChannelInboundHandler {
    typealias InboundIn = Never
    typealias OutboundOut = ByteBuffer

    private static let linger = TimeAmount.seconds(1)

    private let words: ByteBuffer

    init(_ words: ByteBuffer) {
        self.words = words
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(Self.wrapOutboundOut(words), promise: nil)
        context.close(mode: .output, promise: nil)
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.linger) { context.close(promise: nil) }
    }

    /// What comes is dropped: bytes that nobody has read would reset the connection at its end.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
