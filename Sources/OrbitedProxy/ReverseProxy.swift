import Logging
import NIOCore
import NIOHTTP1
import NIOPosix

/// Passes requests on to web applications over connections that it keeps and uses again.
///
/// One for each event loop, and confined to it: all calls, also those to its clients, are made there. Whoever made it
/// closes it in the end, for the connections that it keeps stay open otherwise.
public final class ReverseProxy {
    let eventLoop: any EventLoop
    let configuration: ProxyConfiguration
    private let rules: ProxyRules
    private let logger: Logger
    private var idle: IdlePool<UpstreamConnection>
    private var sweep: Scheduled<Void>?
    private var isClosed = false

    /// Makes a proxy without connections.
    /// - Parameters:
    ///   - eventLoop: The loop of the proxy, of its clients and of its connections: one of NIOPosix.
    ///   - rules: What the pages about failures quote.
    public init(
        eventLoop: any EventLoop, rules: ProxyRules, configuration: ProxyConfiguration = ProxyConfiguration(),
        logger: Logger
    ) {
        self.eventLoop = eventLoop
        self.rules = rules
        self.configuration = configuration
        self.logger = logger
        idle = IdlePool(capacity: configuration.maxIdlePerApplication, idleTimeout: configuration.idleTimeout)
    }

    /// Begins to pass a request on; its body and its end go to the exchange that is returned.
    ///
    /// The client is called later, never from within this method. What fails before the application's response becomes
    /// a response of the proxy's own: 502 or 504, 501 for a WebSocket, 400 for a request that is ambiguous.
    /// - Parameters:
    ///   - head: The head as the browser sent it.
    ///   - application: Who is to respond.
    ///   - client: Who gets the response; held until its end.
    ///   - clientAddress: The browser's IP address, for `X-Forwarded-For`.
    ///   - scheme: What the browser speaks to Orbited, for `X-Forwarded-Proto`.
    public func begin(
        _ head: HTTPRequestHead, to application: Application, client: any ProxyClient, clientAddress: String?,
        scheme: String = "http"
    ) -> ProxyExchange {
        eventLoop.preconditionInEventLoop()
        let rewriting = UpstreamRequest(
            application: application, clientAddress: clientAddress, scheme: scheme, keepAlive: configuration.keepAlive)
        let exchange = ProxyExchange(
            request: head, rewritten: Result { () throws(ProxyFailure) in try rewriting.head(for: head) },
            to: application, client: client, proxy: self)
        eventLoop.assumeIsolated().execute { exchange.start() }
        return exchange
    }

    /// Closes the unused connections, and from now on each connection after its response. Exchanges go on.
    public func close() {
        eventLoop.preconditionInEventLoop()
        isClosed = true
        sweep?.cancel()
        sweep = nil
        for connection in idle.removeAll() { connection.close() }
    }

    /// The rule by which a request came to an application.
    func rule(for request: HTTPRequestHead, to application: Application) -> ProxyRule? {
        let rule = rules.rule(for: request.uri)
        return rule?.target == .application(application) ? rule : nil
    }

    /// Tells the operator of a failure. The query stays out of the log, for it may hold secrets.
    func log(_ failure: ProxyFailure, of request: HTTPRequestHead, to application: Application) {
        logger.log(
            level: failure.isClientFault ? .info : .warning,
            "A proxied request failed: \(failure.sentence(about: application))",
            metadata: [
                "method": "\(request.method)", "path": "\(request.uri.prefix { $0 != "?" })",
                "status": "\(failure.status.code)",
            ])
    }
}

@available(*, unavailable)
extension ReverseProxy: Sendable {}

// MARK: - Connections

extension ReverseProxy {
    /// An unused connection, if there is one.
    func takeIdle(to application: Application) -> UpstreamConnection? {
        idle.take(to: application, now: eventLoop.now)
    }

    /// Connects anew.
    func connect(
        to application: Application, completion: @escaping (Result<UpstreamConnection, ProxyFailure>) -> Void
    ) {
        let timeout = configuration.connectTimeout
        ClientBootstrap(group: eventLoop)
            .connectTimeout(timeout)
            .channelOption(.autoRead, value: false)
            .channelOption(.socketOption(.so_rcvbuf), value: SocketOptionValue(ProxyLimits.receiveBuffer))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try Self.addHandlers(to: channel, for: application) }
            }
            .connect(host: application.host, port: application.port)
            .assumeIsolated()
            .flatMapThrowing { try $0.pipeline.syncOperations.handler(type: UpstreamConnection.self) }
            .whenComplete { result in
                if case .success(let connection) = result { connection.proxy = self }
                completion(result.mapError { .connecting($0, timeout: timeout) })
            }
    }

    private static func addHandlers(to channel: any Channel, for application: Application) throws {
        var encoding = HTTPRequestEncoder.Configuration()
        encoding.automaticallySetFramingHeaders = false
        let decoder = HTTPResponseDecoder(
            leftOverBytesStrategy: .dropBytes, informationalResponseStrategy: .forward,
            limitConfiguration: ProxyLimits.decoder)
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(HTTPRequestEncoder(configuration: encoding))
        try pipeline.addHandler(ByteToMessageHandler(decoder))
        try pipeline.addHandler(UpstreamConnection(application: application))
    }

    /// A connection is unused from now on.
    func settled(_ connection: UpstreamConnection) {
        guard !isClosed else {
            connection.close()
            return
        }
        idle.put(connection, to: connection.application, now: eventLoop.now)?.close()
        scheduleSweep()
    }

    /// An unused connection closed.
    func lost(_ connection: UpstreamConnection) {
        idle.remove(connection, to: connection.application)
    }

    private func scheduleSweep() {
        guard sweep == nil, let deadline = idle.nextDeadline else { return }
        sweep = eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [weak self] in
            guard let self else { return }
            sweep = nil
            for connection in idle.expire(now: eventLoop.now) { connection.close() }
            scheduleSweep()
        }
    }
}
