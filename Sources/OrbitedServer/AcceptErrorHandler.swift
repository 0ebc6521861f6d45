import Logging
import NIOCore

/// Waits a second when connections can't be accepted, as when the process has too many files open, and tells the
/// operator. NIO's own back-off would ask the system again at once, thousands of times a second.
final class AcceptErrorHandler: ChannelInboundHandler {
    typealias InboundIn = Never

    private static let pause = TimeAmount.seconds(1)

    private let logger: Logger
    private var isPausing = false

    init(logger: Logger) {
        self.logger = logger
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isPausing else { return }
        isPausing = true
        logger.error("can't accept connections", metadata: ["error": "\(error)"])
        setAutoRead(false, context)
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) {
            self.isPausing = false
            self.setAutoRead(true, context)
        }
    }

    private func setAutoRead(_ isOn: Bool, _ context: ChannelHandlerContext) {
        try? context.channel.syncOptions?.setOption(.autoRead, value: isOn)
    }
}
