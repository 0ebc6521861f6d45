import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// A connection to the application, kept for the next request; one request at a time. Confined to its loop.
final class CallbackConnection {
    /// Why a request was not taken, in words.
    struct Failure: Error, CustomStringConvertible {
        let description: String
        /// Whether the connection had been kept, and closed before the answer began: then it is worth another one.
        var isStale = false
    }

    private let eventLoop: any EventLoop
    private let timeout: TimeAmount
    private let tls: NIOSSLContext?
    private var channel: (any Channel)?

    /// - Parameter tls: for URLs with `https`.
    init(eventLoop: any EventLoop, timeout: TimeAmount, tls: NIOSSLContext?) {
        self.eventLoop = eventLoop
        self.timeout = timeout
        self.tls = tls
    }

    /// Sends a request; succeeds if the answer's status is one of 200 to 299, and fails with ``Failure`` else.
    func post(_ request: CallbackRequest) -> EventLoopFuture<Void> {
        let kept = channel.flatMap { $0.isActive ? $0 : nil }
        channel = nil
        let answer = eventLoop.makePromise(of: Void.self)
        if let kept {
            send(request, on: kept, answer, isKept: true)
        } else {
            connect(to: request.url).assumeIsolated().whenComplete { result in
                switch result {
                case .success(let channel): self.send(request, on: channel, answer, isKept: false)
                case .failure(let error): answer.fail(Failure(description: "it can't be reached: \(error)"))
                }
            }
        }
        return answer.futureResult
    }

    func close() { channel?.close(promise: nil) }

    private func connect(to url: CallbackURL) -> EventLoopFuture<any Channel> {
        let tls = url.isSecure ? tls : nil
        return ClientBootstrap(group: eventLoop)
            .connectTimeout(timeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls {
                        // An address has no name to be sent; the certificate must hold the address itself.
                        let name = ListenHost.isAddress(url.host) ? nil : url.host
                        try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: name))
                    }
                    try pipeline.addHTTPClientHandlers()
                }
            }
            .connect(host: url.host, port: url.port)
    }

    private func send(
        _ request: CallbackRequest, on channel: any Channel, _ answer: EventLoopPromise<Void>, isKept: Bool
    ) {
        let reader = CallbackAnswerReader(answer, isKept: isKept)
        do {
            try channel.pipeline.syncOperations.addHandler(reader)
        } catch {
            return answer.fail(Failure(description: "\(error)", isStale: isKept))
        }
        let late = eventLoop.assumeIsolated().scheduleTask(in: timeout) {
            reader.fail(Failure(description: "it did not answer in time"))
            channel.close(promise: nil)
        }
        answer.futureResult.assumeIsolated().whenComplete { _ in
            late.cancel()
            guard reader.mayBeKept, channel.isActive else { return channel.close(promise: nil) }
            channel.pipeline.syncOperations.removeHandler(reader, promise: nil)
            self.channel = channel
        }
        channel.write(HTTPClientRequestPart.head(request.head), promise: nil)
        channel.write(HTTPClientRequestPart.body(.byteBuffer(request.body)), promise: nil)
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
    }
}

/// Reads one answer.
private final class CallbackAnswerReader: ChannelInboundHandler, RemovableChannelHandler {
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
            // What comes before the answer itself, such as 100 Continue.
            guard head.status.code >= 200 else { return }
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
