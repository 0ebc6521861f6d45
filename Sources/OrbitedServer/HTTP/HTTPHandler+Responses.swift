import NIOCore
import NIOHTTP1
import OrbitedTransports

/// Orbited's own responses.
extension HTTPHandler {
    /// One plain sentence. [BRW-34]
    func respond(_ fault: HTTPFault, isHead: Bool) {
        var headers = HTTPHeaders([
            ("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ])
        if fault.status == .methodNotAllowed { headers.add(name: "Allow", value: Self.allowedMethods) }
        // RFC 9110, section 15.5.22, and RFC 6455, section 4.4. [WSK-27]
        if fault.status == .upgradeRequired {
            headers.add(contentsOf: [("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13")])
        }
        respond(fault.status, headers, body: ByteBuffer(string: "\(fault.message)\n"), isHead: isHead)
    }

    /// A preflight, too: without the headers of `allowed` the browser does not go on. [BRW-127]
    func respondOptions() {
        let preflight = allowed == nil ? [] : AllowedOrigin.preflightHeaders
        respond(.noContent, [("Allow", Self.allowedMethods)] + preflight, body: nil)
    }

    /// An acknowledgement has arrived. [BRW-101]
    func respondNothing() {
        respond(.noContent, [("Cache-Control", "no-store")], body: nil)
    }

    func respond(_ file: DaemonFile, _ request: OwnRequest) {
        // Whoever asks: there is nothing private in it. [BRW-128]
        allowed = .any
        var headers = HTTPHeaders(
            [("ETag", file.etag), ("Cache-Control", "no-cache"), ("X-Content-Type-Options", "nosniff")] + file.headers)
        if request.ifNoneMatch.contains(where: { $0 == file.etag || $0 == "*" }) {
            return respond(.notModified, headers, body: nil)
        }
        headers.add(name: "Content-Type", value: file.contentType)
        respond(.ok, headers, body: file.body, isHead: request.isHead)
    }

    /// What a GET of these events would begin with; no session is touched. [BRW-31]
    func respondEventHead(_ number: Int) {
        let transport = settings.transports.all[number]
        respond(.ok, Self.eventHeaders(transport), body: nil)
    }

    static func eventHeaders(_ transport: any Transport) -> HTTPHeaders {
        HTTPHeaders([("Content-Type", transport.contentType)] + EventHeaders.all + transport.headers)
    }

    private static let allowedMethods = "GET, HEAD, POST, OPTIONS"

    private func respond(_ status: HTTPResponseStatus, _ headers: [(String, String)], body: ByteBuffer?) {
        respond(status, HTTPHeaders(headers), body: body)
    }

    /// Writes a whole response; `body` is nil for those that have none.
    func respond(
        _ status: HTTPResponseStatus, _ headers: HTTPHeaders, body: ByteBuffer?, isHead: Bool = false,
        promise: EventLoopPromise<Void>? = nil
    ) {
        guard let context else { return }
        var headers = headers
        if let allowed { headers.add(contentsOf: allowed.headers) }
        if let body { headers.add(name: "Content-Length", value: "\(body.readableBytes)") }
        write(head: HTTPResponseHead(version: requestVersion, status: status, headers: headers))
        if let body, !isHead { context.write(Self.wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        finish(trailers: nil, promise: promise)
    }

    /// Writes a head, with what it has to say of the connection, and of the body's end if it has no length.
    func write(head: HTTPResponseHead) {
        parts.clock.responseBegan()
        var head = head
        head.version = takesChunks ? .http1_1 : .http1_0
        if !isHeadRequest, takesChunks, head.status.mayHaveResponseBody, !head.headers.contains(name: "Content-Length")
        {
            head.headers.add(name: "Transfer-Encoding", value: "chunked")
        }
        head.headers.replaceOrAdd(name: "Connection", value: keepsAlive ? "keep-alive" : "close")
        if !head.headers.contains(name: "Date") { head.headers.add(name: "Date", value: shardLoop.heads.dateNow()) }
        context?.write(Self.wrapOutboundOut(.head(head)), promise: nil)
    }

    /// Ends the response, and the connection if it does not stay.
    func finish(trailers: HTTPHeaders?, promise: EventLoopPromise<Void>? = nil) {
        guard let context else { return }
        let stays = keepsAlive && requestHasEnded
        state = stays ? .idle : .closed
        guard requestHasEnded else {
            context.writeAndFlush(Self.wrapOutboundOut(.end(trailers)), promise: promise)
            return parts.clock.closeOutputWhenWritten()
        }
        parts.clock.responseEnded(stays: stays)
        let written = stays ? promise : promise ?? context.eventLoop.makePromise()
        if !stays { written?.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) } }
        context.writeAndFlush(Self.wrapOutboundOut(.end(trailers)), promise: written)
    }
}
