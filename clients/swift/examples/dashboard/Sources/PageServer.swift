import NIOCore
import NIOHTTP1
import NIOPosix

/// Serves the one page, to Orbited's proxy.
struct PageServer {
    let port: Int

    static func start(port: Int) async throws -> PageServer {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.pipeline.configureHTTPServerPipeline(withErrorHandling: true).flatMapThrowing {
                    try channel.pipeline.syncOperations.addHandler(PageHandler())
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        return PageServer(port: channel.localAddress?.port ?? port)
    }
}

/// Answers each request with the page.
private final class PageHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private var isRoot = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch Self.unwrapInboundIn(data) {
        case .head(let head): isRoot = head.method == .GET && head.uri == "/"
        case .body: break
        case .end: respond(context)
        }
    }

    private func respond(_ context: ChannelHandlerContext) {
        let page = PackageResources.page_html
        let body = isRoot ? ByteBuffer(bytes: page) : ByteBuffer(string: "There is only the page /.\n")
        let type = isRoot ? "text/html; charset=utf-8" : "text/plain"
        let headers: HTTPHeaders = ["Content-Type": type, "Content-Length": "\(body.readableBytes)"]
        let head = HTTPResponseHead(version: .http1_1, status: isRoot ? .ok : .notFound, headers: headers)
        context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
        context.write(Self.wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: nil)
    }
}
