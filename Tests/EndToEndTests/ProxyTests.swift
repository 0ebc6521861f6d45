import NIOCore
import NIOPosix
import OrbitedProxy
import OrbitedServer
import Testing

extension EndToEnd {
    @Suite("The proxy in the whole server")
    struct ProxyTests {
        /// Runs a test with a server that passes everything but `/chat` on to an application.
        static func run(
            reply: String = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello",
            _ test: (TestServer) async throws -> Void
        ) async throws {
            let application = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(CannedApplication(reply: reply))
                    }
                }
                .bind(host: "127.0.0.1", port: 0).get()
            let address = try #require(application.localAddress)
            try await TestServer.run {
                $0.proxy.enabled = true
                $0.proxy.rules = [
                    ProxyRule(prefix: "/chat", target: .orbited),
                    ProxyRule(
                        prefix: "/", target: .application(Application(host: "127.0.0.1", port: address.port ?? 0))),
                ]
            } _: { server in
                try await test(server)
            }
            try? await application.close()
        }

        @Test("what is not Orbited's is passed on, and ORBITED rules, bars and own files are not")
        func rules() async throws {
            try await Self.run { server in
                let browser = try await Browser.connect(to: server)
                try await browser.get("/page?user=m")
                #expect(try await browser.response().body == "Hello")
                try await browser.get("/_/about")
                #expect(try await browser.response().body.hasPrefix("Orbited "))
                try await browser.get("/chat?session=1")
                #expect(try await browser.response().head.status == "HTTP/1.1 404 Not Found")
                try await browser.get("/page|m,0,xhr,x")
                #expect(try await browser.response().head.status == "HTTP/1.1 400 Bad Request")
                try await browser.request("HEAD", "/page")
                #expect(try await browser.head()["Content-Length"] == "5")
                try await browser.get("/page")
                #expect(try await browser.response().body == "Hello")
            }
        }

        @Test("a response without a length is chunked, or ends with the connection")
        func noLength() async throws {
            try await Self.run(reply: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHello\r\n0\r\n\r\n") {
                server in
                let browser = try await Browser.connect(to: server)
                try await browser.get("/page")
                #expect(try await browser.head()["Transfer-Encoding"] == "chunked")
                #expect(try await browser.chunk() == "Hello")
                #expect(try await browser.chunk() == "")
                try await browser.get("/page", version: "1.0")
                let head = try await browser.head()
                #expect(head["Transfer-Encoding"] == nil)
                #expect(head["Connection"] == "close")
                #expect(try await browser.rest() == "Hello")
            }
        }

        @Test("an application that is not there is 502")
        func unreachable() async throws {
            try await TestServer.runBeforeNobody { server in
                let browser = try await Browser.connect(to: server)
                try await browser.get("/page")
                #expect(try await browser.response().head.status == "HTTP/1.1 502 Bad Gateway")
                try await browser.get("/_/about")
                #expect(try await browser.response().head.status == "HTTP/1.1 200 OK")
            }
        }
    }
}

/// Answers each request head with the same bytes; a `HEAD` without the body.
private final class CannedApplication: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let reply: String
    private var received = ""

    init(reply: String) { self.reply = reply }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += String(buffer: Self.unwrapInboundIn(data))
        while received.contains("\r\n\r\n"), let end = received.utf8.firstRange(of: Array("\r\n\r\n".utf8)) {
            let head = received.utf8[..<end.lowerBound]
            let isHead = String(Substring(head)).hasPrefix("HEAD ")
            received = String(Substring(received.utf8[end.upperBound...]))
            let text =
                isHead
                ? reply.utf8.firstRange(of: Array("\r\n\r\n".utf8)).map {
                    String(Substring(reply.utf8[..<$0.upperBound]))
                } : reply
            context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(string: text ?? reply)), promise: nil)
        }
    }
}
