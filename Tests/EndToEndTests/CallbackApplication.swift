import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import OrbitedServer
import Synchronization
import Testing

/// An application that is told by callbacks, over real sockets.
final class CallbackApplication: Sendable {
    /// A request that came.
    struct Request: Sendable {
        let target: String
        let headers: [String: String]
        let body: [UInt8]

        /// What it tells, each in short, such as `signoff (m, 0, /c) expired`.
        func told() throws -> [String] {
            let content = try #require(JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
            let callbacks = try #require(content["callbacks"] as? [[String: Any]])
            return callbacks.map { callback in
                ["type", "key", "reason", "event", "name"].compactMap { callback[$0].map { "\($0)" } }
                    .joined(separator: " ")
            }
        }

        func dropped() throws -> Int {
            let content = try #require(JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
            return try #require(content["dropped"] as? Int)
        }
    }

    let port: Int
    private let channel: any Channel
    private let requests: AsyncStream<Request>

    /// Listens.
    ///
    /// - Parameter status: what the request of that number, from 0, is answered with; nil for no answer.
    static func start(port: Int = 0, status: @escaping @Sendable (Int) -> Int? = { _ in 200 }) async throws
        -> CallbackApplication
    {
        let (requests, tell) = AsyncStream<Request>.makeStream()
        let count = Mutex(0)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(
                        Reader { request in
                            let number = count.withLock { count in
                                defer { count += 1 }
                                return count
                            }
                            tell.yield(request)
                            return status(number)
                        })
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        return CallbackApplication(port: channel.localAddress?.port ?? 0, channel: channel, requests: requests)
    }

    private init(port: Int, channel: any Channel, requests: AsyncStream<Request>) {
        (self.port, self.channel, self.requests) = (port, channel, requests)
    }

    func url(_ path: String) throws -> CallbackURL { try #require(CallbackURL("http://127.0.0.1:\(port)\(path)")) }

    /// The next request.
    func request() async throws -> Request {
        for await request in requests { return request }
        throw CancellationError()
    }

    /// What the next requests tell, until there is that much of it.
    func told(_ count: Int) async throws -> [String] {
        var told: [String] = []
        while told.count < count { told += try await request().told() }
        return told
    }

    func stop() async throws { try await channel.close() }

    private final class Reader: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let take: (Request) -> Int?
        private var head: HTTPRequestHead?
        private var body: [UInt8] = []

        init(_ take: @escaping (Request) -> Int?) { self.take = take }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch Self.unwrapInboundIn(data) {
            case .head(let head): (self.head, body) = (head, [])
            case .body(let part): body += part.readableBytesView
            case .end:
                guard let head else { return }
                let headers = Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }) { $1 }
                guard let status = take(Request(target: head.uri, headers: headers, body: body)) else { return }
                let answer = HTTPResponseHead(
                    version: .http1_1, status: .init(statusCode: status), headers: ["Content-Length": "0"])
                context.write(Self.wrapOutboundOut(.head(answer)), promise: nil)
                context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }
}
