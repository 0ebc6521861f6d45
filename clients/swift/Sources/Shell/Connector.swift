import NIOCore
import NIOPosix
import NIOSSL

/// Makes connections, TCP or TLS.
final class Connector {
    /// Longer than the courier waits, so that it is the one that tells.
    private let patience: TimeAmount
    private let host: String
    private let port: Int
    private let unsent: Int
    private let loop: any EventLoop
    private let tls: ClientOptions.TLS
    /// Made once: reading the authorities of a system takes a while.
    private var knownContext: NIOSSLContext?

    init(_ options: ClientOptions, loop: any EventLoop) {
        host = options.host
        port = options.port
        unsent = max(options.limits.unsent, 2)
        tls = options.tls
        patience = TimeAmount(options.connectTimeout + .seconds(5))
        self.loop = loop
    }

    /// Begins to connect; the carrier is told what comes of it, later.
    func open(for carrier: Carrier) -> Connection {
        var isEncrypted = false
        if case .enabled = tls { isEncrypted = true }
        let connection = Connection(carrier, isEncrypted: isEncrypted)
        let bound = NIOLoopBound(connection, eventLoop: loop)
        do {
            let context = try self.context()
            let name = host
            let water = ChannelOptions.Types.WriteBufferWaterMark(low: unsent / 2, high: unsent)
            ClientBootstrap(group: loop)
                .connectTimeout(patience)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelOption(.socketOption(.so_keepalive), value: 1)
                .channelOption(.writeBufferWaterMark, value: water)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        if let context { try pipeline.addHandler(Self.tlsHandler(context, name)) }
                        try pipeline.addHandler(ConnectionHandler(bound.value))
                    }
                }
                .connect(host: host, port: port)
                .assumeIsolated().whenComplete { result in
                    switch result {
                    case .success(let channel): connection.connected(channel)
                    case .failure(let error): connection.failed(error)
                    }
                }
        } catch {
            loop.assumeIsolated().execute { connection.failed(error) }
        }
        return connection
    }

    private func context() throws -> NIOSSLContext? {
        guard case .enabled(let configuration) = tls else { return nil }
        if let knownContext { return knownContext }
        let made = try NIOSSLContext(configuration: configuration)
        knownContext = made
        return made
    }

    private static func tlsHandler(_ context: NIOSSLContext, _ host: String) throws -> NIOSSLClientHandler {
        // An address can't be asked for by name; the certificate has to name the address then.
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : host)
    }
}
