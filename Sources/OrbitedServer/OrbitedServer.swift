import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import OrbitedCore
import OrbitedProxy
import OrbitedTransports
import OrbitedWire
import ServiceLifecycle

/// The server: both listeners, the shards behind them, and the life cycle of the whole.
public struct OrbitedServer: Service {
    /// Where the server listens, once it does.
    public struct Addresses: Sendable {
        /// The address for browsers.
        public let http: SocketAddress
        /// The address for applications.
        public let control: SocketAddress
    }

    private let configuration: Configuration
    private let logger: Logger
    private let onListening: @Sendable (Addresses) -> Void

    /// Creates a server; ``run()`` starts it.
    ///
    /// - Parameters:
    ///   - configuration: what it goes by.
    ///   - logger: where it logs.
    ///   - onListening: called once both ports are open.
    public init(
        configuration: Configuration, logger: Logger, onListening: @escaping @Sendable (Addresses) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until the surrounding service group shuts down gracefully, or the task is cancelled; then answers what is
    /// in flight and ends streams, for `shutdown.timeout` at most.
    ///
    /// - Throws: ``ListenerError`` when a port can't be listened on.
    public func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.loops)
        do {
            try await serve(on: group)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
    }

    private func serve(on group: MultiThreadedEventLoopGroup) async throws {
        let loops = try await ShardLoops.start(on: group, configuration: configuration, logger: logger)
        let pipelines = Pipelines(configuration: configuration, loops: loops, logger: logger)
        let http = try await Listener.bind(
            .http, host: configuration.http.host, port: configuration.http.port, group: group, logger: logger,
            setUp: pipelines.setUpHTTP)
        let control: Listener
        do {
            control = try await Listener.bind(
                .control, host: configuration.control.host, port: configuration.control.port, group: group,
                logger: logger,
                setUp: pipelines.setUpControl)
        } catch {
            await http.close()
            throw error
        }
        onListening(Addresses(http: http.address, control: control.address))
        try? await gracefulShutdown()
        logger.info("shutting down", metadata: ["sessions": "\(loops.switchboard.sessionCount)"])
        await control.close()
        await http.close()
        try await shutDown(loops)
    }

    /// Refuses new events on every loop before any shard closes, so that none slips in behind.
    private func shutDown(_ loops: ShardLoops) async throws {
        try await loops.onEach { shardLoop in
            shardLoop.refuseEvents()
            return nil
        }
        let timeout = TimeAmount(configuration.shutdownTimeout)
        try await loops.onEach { shardLoop in
            let closed = shardLoop.close()
            let deadline = shardLoop.loop.assumeIsolated().scheduleTask(in: timeout) { shardLoop.abort() }
            closed.whenComplete { _ in deadline.cancel() }
            return closed
        }
    }
}

extension TimeAmount {
    /// A duration of the configuration.
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self = .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
