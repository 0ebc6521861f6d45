import NIOCore
import NIOPosix
import OrbitedProxy
import OrbitedServer
import Testing

extension EndToEnd {
    @Suite("Peers that wait for nothing, or read nothing")
    struct StalledPeerTests {
        @Test("a browser that stops reading an application's response is let go, and so is the application")
        func proxiedReader() async throws {
            let application = try await EndlessApplication.start()
            try await TestServer.run(loops: 1) {
                $0.http.writeTimeout = .milliseconds(300)
                $0.http.headTimeout = .seconds(1)
                $0.proxy.enabled = true
                $0.proxy.rules = [ProxyRule(prefix: "/", target: .application(application.address))]
            } _: { server in
                let browser = try await Browser.connect(to: server, receiveBuffer: 4096)
                try await browser.get("/page")
                try await application.connectionClosed.get()
                await browser.peer.close()
            }
            try await application.stop()
        }

        @Test("an application that reads none of its replies is let go")
        func applicationThatReadsNothing() async throws {
            try await TestServer.run(loops: 1) {
                $0.control.frameTimeout = .milliseconds(300)
                $0.http.headTimeout = .seconds(1)
            } _: { server in
                let peer = try await Peer.connect(to: server.control, receiveBuffer: 4096)
                let key = "\(String(repeating: "nobody", count: 500)), 0, /x"
                let frames = (0..<3_000).map { WebApplication.frame("\($0)", to: [key], "") }.joined()
                peer.start(sending: ByteBuffer(string: frames))
                try await peer.channel.closeFuture.get()
            }
        }

        @Test("a browser in the middle of an upload gets to read that the application is down")
        func uploadToNobody() async throws {
            try await TestServer.runBeforeNobody { server in
                let browser = try await Browser.connect(to: server)
                let head = "POST /upload HTTP/1.1\r\nHost: example.org\r\nContent-Length: 50000000\r\n\r\n"
                browser.peer.start(sending: ByteBuffer(string: head + String(repeating: "x", count: 4_000_000)))
                let response = try await browser.response()
                #expect(response.head.status == "HTTP/1.1 502 Bad Gateway")
                #expect(response.body.contains("Is the application running?"))
            }
        }

        @Test("with too many files open new browsers wait, and are served when there is room again")
        func descriptors() async throws {
            let limited = try await ServingProgram.start(["--loops", "1"], openFiles: 60)
            var browsers: [Browser] = []
            for number in 0..<80 {
                let browser = Browser(peer: try await Peer.connect(to: limited.http))
                browser.peer.start(sending: ByteBuffer(string: "GET /x|u\(number) HTTP/1.1\r\nHost: x\r\n\r\n"))
                browsers.append(browser)
            }
            #expect(try await browsers[0].head().status == "HTTP/1.1 200 OK")
            for browser in browsers.dropLast() { await browser.peer.close() }
            #expect(try await browsers[79].head().status == "HTTP/1.1 200 OK")
            await browsers[79].peer.close()
            limited.program.send(signal: 15)
            let ended = try await limited.program.ended()
            #expect(ended.status == 0)
            #expect(ended.errors.contains("can't accept connections"))
            #expect(ended.errors.split(separator: "\n").count < 60)
        }
    }
}

/// An application whose response never ends.
private struct EndlessApplication: Sendable {
    let address: Application
    /// Succeeds when the connection to it has closed.
    let connectionClosed: EventLoopFuture<Void>
    private let channel: any Channel

    static func start() async throws -> EndlessApplication {
        let group = MultiThreadedEventLoopGroup.singleton
        let closed = group.any().makePromise(of: Void.self)
        let channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(EndlessResponse(closed: closed))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(channel.localAddress?.port)
        return EndlessApplication(
            address: Application(host: "127.0.0.1", port: port), connectionClosed: closed.futureResult,
            channel: channel)
    }

    func stop() async throws { try await channel.close() }
}

private final class EndlessResponse: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let closed: EventLoopPromise<Void>
    private let piece = ByteBuffer(string: String(repeating: "x", count: 65_536))

    init(closed: EventLoopPromise<Void>) { self.closed = closed }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let head = ByteBuffer(string: "HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n")
        context.writeAndFlush(Self.wrapOutboundOut(head), promise: nil)
        fill(context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) { fill(context) }

    private func fill(_ context: ChannelHandlerContext) {
        while context.channel.isActive, context.channel.isWritable {
            context.writeAndFlush(Self.wrapOutboundOut(piece), promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) { closed.succeed() }
}
