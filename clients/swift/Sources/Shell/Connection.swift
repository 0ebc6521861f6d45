import NIOCore
import NIOSSL
import NIOTLS

/// One connection. Nothing more is told after it was lost, or after ``close()``.
///
/// A name may have several addresses that are tried side by side: only the channel that was chosen counts.
final class Connection {
    private let carrier: Carrier
    private let isEncrypted: Bool
    private var channel: (any Channel)?
    private var isTold = true

    init(_ carrier: Carrier, isEncrypted: Bool) {
        self.carrier = carrier
        self.isEncrypted = isEncrypted
    }

    /// Whether it takes more bytes now: what the system's socket has not taken is bounded.
    var hasRoom: Bool { channel?.isWritable ?? false }

    /// Sends bytes. They are flushed at once: with TLS ``hasRoom`` does not count what is not.
    func send(_ bytes: ByteBuffer) { channel?.writeAndFlush(bytes, promise: nil) }

    func close() {
        isTold = false
        channel?.close(promise: nil)
    }

    /// There is a channel; with TLS the handshake is to come.
    func connected(_ channel: any Channel) {
        guard isTold else { return channel.close(promise: nil) }
        self.channel = channel
        if !channel.isActive { lost("the server closed it") } else if !isEncrypted { carrier.opened() }
    }

    /// It could not be made, or it broke.
    func failed(_ error: any Error) { lost(ConnectFailure.reason(error), error) }

    private func lost(_ reason: String, _ cause: (any Error)? = nil) {
        guard isTold else { return }
        close()
        carrier.lost(reason, cause)
    }

    // MARK: What a channel tells

    private func isOurs(_ channel: any Channel) -> Bool { isTold && self.channel === channel }

    fileprivate func secured(_ channel: any Channel) {
        if isOurs(channel) { carrier.opened() }
    }

    fileprivate func received(_ bytes: ByteBuffer, from channel: any Channel) {
        if isOurs(channel) { carrier.received(bytes) }
    }

    fileprivate func hasRoomAgain(_ channel: any Channel) {
        if isOurs(channel) { carrier.plan() }
    }

    fileprivate func failed(_ error: any Error, on channel: any Channel) {
        if isOurs(channel) { failed(error) }
    }

    fileprivate func ended(_ channel: any Channel) {
        if isOurs(channel) { lost("the server closed it") }
    }
}

/// Tells a connection what happens to a channel.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: Connection

    init(_ connection: Connection) { self.connection = connection }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent { connection.secured(context.channel) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connection.received(Self.unwrapInboundIn(data), from: context.channel)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) { connection.hasRoomAgain(context.channel) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Many servers close without a farewell; the channel becomes inactive then, too.
        if case .some(.uncleanShutdown) = error as? NIOSSLError { return }
        connection.failed(error, on: context.channel)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { connection.ended(context.channel) }
}
