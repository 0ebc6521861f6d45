import Glibc
import NIOCore
import NIOEmbedded
import NIOPosix
import Testing

@testable import OrbitedServer

@Suite("The way past NIO", .timeLimit(.minutes(1)))
struct DirectSocketTests {
    /// A channel and its other end, which reads nothing.
    static func pair() async throws -> (near: any Channel, far: any Channel, listener: any Channel) {
        let (accepted, tell) = AsyncStream<any Channel>.makeStream()
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Announcer(tell: tell))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let address = try #require(listener.localAddress)
        let far = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: false)
            .channelOption(.socketOption(.so_rcvbuf), value: 4096)
            .connect(to: address).get()
        for await near in accepted { return (near, far, listener) }
        throw CancellationError()
    }

    static func send(_ bytes: ByteBuffer, on channel: any Channel) async throws -> DirectSocket.Outcome {
        try await channel.eventLoop.submit {
            // Without a socket NIO has seen the end before us.
            DirectSocket(channel)?.send(bytes) ?? .broken
        }.get()
    }

    @Test("The kernel takes what it has room for, then nothing, and never waits")
    func fullSocket() async throws {
        let (near, far, listener) = try await Self.pair()
        let bytes = ByteBuffer(repeating: 0x78, count: 1 << 20)
        var outcome = DirectSocket.Outcome.took(bytes.readableBytes)
        var rounds = 0
        while outcome == .took(bytes.readableBytes), rounds < 1000 {
            outcome = try await Self.send(bytes, on: near)
            rounds += 1
        }
        guard case .took(let count) = outcome else {
            Issue.record("the socket broke")
            return
        }
        #expect(count < bytes.readableBytes)
        try? await far.close()
        try? await near.close()
        try await listener.close()
    }

    @Test("A connection that the other side has reset is broken")
    func broken() async throws {
        let (near, far, listener) = try await Self.pair()
        try await (far as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try await far.close()
        var outcome = DirectSocket.Outcome.took(1)
        while case .took = outcome { outcome = try await Self.send(ByteBuffer(string: "x"), on: near) }
        #expect(outcome == .broken)
        try? await near.close()
        try await listener.close()
    }

    @Test("A channel without a socket has none")
    func noSocket() throws {
        let channel = EmbeddedChannel()
        #expect(DirectSocket(channel) == nil)
        _ = try channel.finish()
    }
}

/// Tells of a channel once it is connected.
private final class Announcer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let tell: AsyncStream<any Channel>.Continuation

    init(tell: AsyncStream<any Channel>.Continuation) { self.tell = tell }

    func channelActive(context: ChannelHandlerContext) { tell.yield(context.channel) }
}
