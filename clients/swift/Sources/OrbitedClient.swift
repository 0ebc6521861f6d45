import NIOCore
import NIOPosix
import OrbitedWire

/// A connection to an Orbited server's control port, on which any number of tasks send events at once.
///
///     let orbit = try await OrbitedClient.connect(host: "127.0.0.1", port: 9000)
///     let receipt = try await orbit.event(to: [key], body: ByteBuffer(string: "\"Hello, browser!\""))
public final class OrbitedClient: Sendable {
    private let channel: any Channel
    private let handler: NIOLoopBound<ClientHandler>

    /// Connects.
    ///
    /// - Parameters:
    ///   - host: the server's name or address.
    ///   - port: its control port. Default 9000.
    ///   - timeout: how long connecting may take, and how long an event may wait for its receipt. Default 10 s.
    ///   - group: the loops to run on. Default: NIO's own.
    /// - Throws: ``OrbitedClientError/connectFailed(_:)``.
    public static func connect(
        host: String, port: Int = 9000, timeout: TimeAmount = .seconds(10),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) async throws(OrbitedClientError) -> OrbitedClient {
        do {
            return try await ClientBootstrap(group: group)
                .connectTimeout(timeout)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let handler = ClientHandler(eventLoop: channel.eventLoop, timeout: timeout)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                }
                .connect(host: host, port: port)
                .flatMapThrowing { channel in
                    let handler = try channel.pipeline.syncOperations.handler(type: ClientHandler.self)
                    return OrbitedClient(channel, NIOLoopBound(handler, eventLoop: channel.eventLoop))
                }
                .get()
        } catch {
            throw .connecting(to: host, port: port, error)
        }
    }

    private init(_ channel: any Channel, _ handler: NIOLoopBound<ClientHandler>) {
        self.channel = channel
        self.handler = handler
    }

    /// Sends one event and waits until the fate of all its recipients is known.
    ///
    /// - Parameters:
    ///   - recipients: whom it is for.
    ///   - body: the bytes that browsers get; JSON for most transports.
    ///   - terms: patterns, time to live and kind of receipt of Orbit 1.1; with them, even empty ones, the reply tells how
    ///     many were reached, and the fate of each recipient that was not. Default: an event of Orbit 1.0.
    /// - Returns: the server's reply; `isSuccess` tells whether all were reached.
    /// - Throws: ``OrbitedClientError``. After `connectionLost` or `timedOut` the event may have been delivered.
    public func event(
        to recipients: [ConnectionKey], body: ByteBuffer, terms: EventFrame.Terms? = nil
    ) async throws(OrbitedClientError) -> Reply {
        try await ask { id, frame in
            EventFrame(id: id, recipients: recipients, body: body, terms: terms).write(into: &frame)
        }
    }

    /// Sends a frame and waits for its reply.
    func ask(
        _ write: @escaping @Sendable (_ id: String, _ frame: inout ByteBuffer) -> Void
    ) async throws(OrbitedClientError) -> Reply {
        do {
            let handler = handler
            return try await channel.eventLoop.flatSubmit { handler.value.send(write) }.get()
        } catch {
            throw error as? OrbitedClientError ?? .connectionLost("\(error)")
        }
    }

    /// Begins a watch on the loop.
    func begin(_ request: WatchRequest, _ reader: WatchReader) async throws(OrbitedClientError) -> Reply {
        do {
            let handler = handler
            let loop = channel.eventLoop
            reader.onEnd { loop.execute { handler.value.unwatch(reader) } }
            return try await loop.flatSubmit { handler.value.watch(request, reader: reader) }.get()
        } catch {
            throw error as? OrbitedClientError ?? .connectionLost("\(error)")
        }
    }

    /// Closes the connection; events without a receipt fail.
    public func close() async {
        try? await channel.close()
    }
}
