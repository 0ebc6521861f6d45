import NIOCore
import NIOPosix

@testable import OrbitedProxy

/// A web application on loopback whose every byte the test writes itself.
struct ScriptedApplication: Sendable {
    private let listener: any Channel
    private let connections: Mailbox<ApplicationConnection>

    let address: Application

    static func start(autoRead: Bool = true) async throws -> ScriptedApplication {
        let connections = Mailbox<ApplicationConnection>()
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.autoRead, value: autoRead)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let chunks = Mailbox<ByteBuffer>()
                    try channel.pipeline.syncOperations.addHandler(ChunkHandler(chunks: chunks))
                    connections.put(ApplicationConnection(channel: channel, chunks: chunks))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return ScriptedApplication(
            listener: listener, connections: connections,
            address: Application(host: "127.0.0.1", port: listener.localAddress?.port ?? 0))
    }

    /// The next connection of the proxy.
    func connection() async throws -> ApplicationConnection {
        try await connections.next()
    }

    func stop() async throws {
        try await listener.close()
    }
}

/// One connection of the proxy, as the application sees it.
actor ApplicationConnection {
    private let channel: any Channel
    private let chunks: Mailbox<ByteBuffer>
    private var received = ""

    init(channel: any Channel, chunks: Mailbox<ByteBuffer>) {
        self.channel = channel
        self.chunks = chunks
    }

    /// The lines of the next request's head.
    func head() async throws -> [String] {
        try await text(through: "\r\n\r\n").split(separator: "\r\n").map(String.init)
    }

    /// What arrives up to and with a text.
    func text(through end: String) async throws -> String {
        while true {
            let bytes = Array(received.utf8)
            if let found = bytes.indices.first(where: { bytes[$0...].starts(with: end.utf8) }) {
                let length = found + end.utf8.count
                received = String(decoding: bytes[length...], as: UTF8.self)
                return String(decoding: bytes[..<length], as: UTF8.self)
            }
            received += String(buffer: try await chunks.next())
        }
    }

    /// As many bytes of whatever arrives, counted only.
    func discard(_ count: Int) async throws {
        var left = count - received.utf8.count
        received = ""
        while left > 0 { left -= try await chunks.next().readableBytes }
    }

    func write(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    /// Writes without waiting; the future tells when the kernel took all of it.
    func start(writing buffer: ByteBuffer) -> EventLoopFuture<Void> {
        channel.writeAndFlush(buffer)
    }

    func setAutoRead(_ value: Bool) async throws {
        try await channel.setOption(.autoRead, value: value).get()
    }

    func close() async throws {
        try await channel.close()
    }

    /// Waits for the other side to close; what still arrives is dropped.
    func closed() async throws {
        do {
            while true { _ = try await chunks.next() }
        } catch is Mailbox<ByteBuffer>.Closed {
            try Task.checkCancellation()
        }
    }
}

private final class ChunkHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let chunks: Mailbox<ByteBuffer>

    init(chunks: Mailbox<ByteBuffer>) {
        self.chunks = chunks
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        chunks.put(unwrapInboundIn(data))
    }

    func channelInactive(context: ChannelHandlerContext) {
        chunks.close()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
