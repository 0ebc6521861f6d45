import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// A connection to the application, kept for the next request to the same origin; one request at a time. Confined to
/// its loop.
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
    private var kept: (origin: WebOrigin, channel: any Channel)?

    /// - Parameter tls: for URLs with `https`.
    init(eventLoop: any EventLoop, timeout: TimeAmount, tls: NIOSSLContext?) {
        self.eventLoop = eventLoop
        self.timeout = timeout
        self.tls = tls
    }

    /// Sends a request; succeeds if the answer's status is one of 200 to 299, and fails with ``Failure`` else.
    func post(_ request: CallbackRequest) -> EventLoopFuture<Void> {
        let answer = eventLoop.makePromise(of: Void.self)
        if let channel = takeKept(for: request.url.origin) {
            send(request, on: channel, answer, isKept: true)
        } else {
            connect(to: request.url.origin).assumeIsolated().whenComplete { result in
                switch result {
                case .success(let channel): self.send(request, on: channel, answer, isKept: false)
                case .failure(let error): answer.fail(Failure(description: "it can't be reached: \(error)"))
                }
            }
        }
        return answer.futureResult
    }

    func close() { kept?.channel.close(promise: nil) }

    /// The connection that was kept, if it is still there and leads to that origin; each kind may have its own.
    private func takeKept(for origin: WebOrigin) -> (any Channel)? {
        defer { kept = nil }
        guard let kept, kept.origin == origin, kept.channel.isActive else {
            kept?.channel.close(promise: nil)
            return nil
        }
        return kept.channel
    }

    private func connect(to origin: WebOrigin) -> EventLoopFuture<any Channel> {
        let tls = origin.isSecure ? tls : nil
        return ClientBootstrap(group: eventLoop)
            .connectTimeout(timeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls {
                        // An address has no name to be sent; the certificate must hold the address itself.
                        let name = ListenHost.isAddress(origin.host) ? nil : origin.host
                        try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: name))
                    }
                    try pipeline.addHTTPClientHandlers()
                }
            }
            .connect(host: origin.host, port: origin.port)
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
            self.kept = (request.url.origin, channel)
        }
        channel.write(HTTPClientRequestPart.head(request.head), promise: nil)
        channel.write(HTTPClientRequestPart.body(.byteBuffer(request.body)), promise: nil)
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
    }
}
