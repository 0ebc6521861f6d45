import NIOCore
import NIOHTTP1

/// Reads one answer.
final class CallbackAnswerReader: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart

    /// How much of an answer's body is read, and thrown away; a longer one ends the connection. In bytes.
    private static let longestBody = 65_536

    private var promise: EventLoopPromise<Void>?
    private let isKept: Bool
    private var head: HTTPResponseHead?
    private var bytes = 0
    /// Whether the connection can take the next request.
    private(set) var mayBeKept = false

    init(_ promise: EventLoopPromise<Void>, isKept: Bool) {
        self.promise = promise
        self.isKept = isKept
    }

    func fail(_ failure: CallbackConnection.Failure) {
        promise?.fail(failure)
        promise = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch Self.unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
        case .body(let part):
            bytes += part.readableBytes
            if bytes > Self.longestBody { fail(CallbackConnection.Failure(description: "its answer is too long")) }
        case .end:
            guard let head else { return }
            mayBeKept = head.isKeepAlive
            if (200...299).contains(head.status.code) {
                promise?.succeed()
                promise = nil
            } else {
                fail(CallbackConnection.Failure(description: "it answered \(head.status.code)"))
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(CallbackConnection.Failure(description: "\(error)", isStale: isKept && head == nil))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(
            CallbackConnection.Failure(
                description: "it closed the connection before it answered", isStale: isKept && head == nil))
        context.fireChannelInactive()
    }
}
