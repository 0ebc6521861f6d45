import NIOCore
import NIOHTTP1
import OrbitedProxy

/// Requests that an application behind the proxy answers.
extension HTTPHandler: ProxyClient {
    func beginProxying(_ head: HTTPRequestHead, target: RequestTarget, to application: Application) {
        guard let context else { return }
        var head = head
        head.uri = target.originForm
        let exchange = proxy.begin(
            head, to: application, client: self, clientAddress: context.channel.remoteAddress?.ipAddress)
        state = .proxying(exchange)
    }

    func proxyRespond(head: HTTPResponseHead) {
        guard head.status.code >= 200 else {
            context?.writeAndFlush(Self.wrapOutboundOut(.head(head)), promise: nil)
            return
        }
        let hasLength = head.headers.contains(name: "Content-Length")
        // HTTP/1.0 knows no chunks: the connection's end is the body's.
        if !takesChunks, !hasLength { keepsAlive = false }
        // A response that overtakes its request leaves the rest of the request unread.
        if !requestHasEnded { keepsAlive = false }
        write(head: head)
    }

    func proxyRespond(body: ByteBuffer) {
        guard let context, case .proxying(let exchange) = state else { return }
        context.writeAndFlush(Self.wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        if !context.channel.isWritable { exchange.clientWritabilityChanged(isWritable: false) }
    }

    func proxyRespond(end trailers: HTTPHeaders?) {
        proxyResumeRequest()
        finish(trailers: trailers)
    }

    func proxyPauseRequest() {
        parts.clock.uploadPaused(true)
        setAutoRead(false)
    }

    func proxyResumeRequest() {
        parts.clock.uploadPaused(false)
        setAutoRead(true)
    }

    func proxyAbort() {
        state = .closed
        context?.close(promise: nil)
    }

    private func setAutoRead(_ isOn: Bool) {
        try? context?.channel.syncOptions?.setOption(.autoRead, value: isOn)
    }
}
