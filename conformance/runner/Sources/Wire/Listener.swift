import NIOCore
import NIOPosix

/// A port of the suite, on which it waits for the implementation.
final class Listener: Sendable {
    /// More connections than these are not kept for their steps.
    private static let mostWaiting = 1_000

    let port: Int
    private let channel: any Channel
    private let waiting: Inbox<[Connection]>

    private init(_ channel: any Channel, _ waiting: Inbox<[Connection]>) {
        port = channel.localAddress?.port ?? 0
        self.channel = channel
        self.waiting = waiting
    }

    /// Listens on a port of the loopback address, of the system's choice.
    static func open() async throws -> Listener {
        let waiting = Inbox<[Connection]>([])
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1_024)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let connection = try Connection(adopting: channel)
                    try channel.pipeline.syncOperations.addHandler(Announcer { announce(connection, to: waiting) })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return Listener(channel, waiting)
    }

    private static func announce(_ connection: Connection, to waiting: Inbox<[Connection]>) {
        var isFull = false
        waiting.update { connections in
            isFull = connections.count >= mostWaiting
            if !isFull { connections.append(connection) }
        }
        if isFull { connection.channel.close(promise: nil) }
    }

    /// The next connection, in the order in which they were made.
    ///
    /// - Throws: ``Inbox/Silence``
    func next(until deadline: ContinuousClock.Instant) async throws -> Connection {
        try await waiting.wait(until: deadline) { connections, _ in
            connections.isEmpty ? nil : connections.removeFirst()
        }
    }

    /// Listens no more; connections that wait for their steps are closed.
    func close() async {
        try? await channel.close()
        var unused: [Connection] = []
        waiting.update { connections in
            swap(&unused, &connections)
        }
        waiting.end()
        for connection in unused { await connection.close() }
    }
}

/// Tells that a connection can be used.
private final class Announcer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let announce: () -> Void

    init(_ announce: @escaping () -> Void) { self.announce = announce }

    func channelActive(context: ChannelHandlerContext) {
        announce()
        context.fireChannelActive()
    }
}
