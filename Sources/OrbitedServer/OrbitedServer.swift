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
        /// The address of the HTTP control API, if it is on.
        public let admin: SocketAddress?
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
        let callbacks = Callbacks(configuration.callbacks, on: group.next())
        let loops = try await ShardLoops.start(
            on: group, configuration: configuration, callbacks: callbacks, logger: logger)
        let pipelines = Pipelines(configuration: configuration, loops: loops, logger: logger)
        let listeners = try await listen(on: group, pipelines)
        func address(_ purpose: Listener.Purpose) -> SocketAddress? {
            listeners.first { $0.purpose == purpose }?.address
        }
        if let http = address(.http), let control = address(.control) {
            onListening(Addresses(http: http, control: control, admin: address(.admin)))
        }
        try? await gracefulShutdown()
        logger.info("shutting down", metadata: ["sessions": "\(loops.switchboard.sessionCount)"])
        for listener in listeners { await listener.close() }
        try await shutDown(loops)
        try await callbacks?.finish(within: TimeAmount(configuration.shutdownTimeout))
    }

    /// Opens all ports, or none.
    private func listen(on group: MultiThreadedEventLoopGroup, _ pipelines: Pipelines) async throws -> [Listener] {
        typealias Port = (
            purpose: Listener.Purpose, host: String, port: Int, setUp: @Sendable (any Channel) throws -> Void
        )
        var ports: [Port] = [
            (.http, configuration.http.host, configuration.http.port, pipelines.setUpHTTP),
            (.control, configuration.control.host, configuration.control.port, pipelines.setUpControl),
        ]
        if configuration.admin.enabled {
            ports.append((.admin, configuration.admin.host, configuration.admin.port, pipelines.setUpAdmin))
        }
        var listeners: [Listener] = []
        for port in ports {
            do {
                listeners.append(
                    try await Listener.bind(
                        port.purpose, host: port.host, port: port.port, group: group, logger: logger, setUp: port.setUp)
                )
            } catch {
                for listener in listeners { await listener.close() }
                throw error
            }
        }
        return listeners
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
