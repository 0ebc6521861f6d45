import Logging
import NIOCore
import NIOHTTP1
import OrbitedProxy
import OrbitedTransports
import OrbitedWire

/// Sets up the pipeline of each new connection, on its loop.
struct Pipelines: Sendable {
    private let settings: HTTPSettings
    private let clock: RequestClock.Limits
    private let decoding: NIOHTTPDecoderLimitConfiguration
    private let control: ControlConnectionLimits
    private let loops: ShardLoops
    private let logger: Logger

    init(configuration: Configuration, loops: ShardLoops, logger: Logger) {
        settings = HTTPSettings(configuration)
        clock = RequestClock.Limits(
            head: TimeAmount(configuration.http.headTimeout), idle: TimeAmount(configuration.http.idleTimeout),
            write: TimeAmount(configuration.http.writeTimeout), headBytes: configuration.http.maxHead)
        var decoding = NIOHTTPDecoderLimitConfiguration()
        decoding.maxHeaderListSize = configuration.http.maxHead
        decoding.maxHeaderFieldSize = configuration.http.maxHead
        // Bytes are bound enough.
        decoding.maxHeaderFieldCount = configuration.http.maxHead
        self.decoding = decoding
        control = ControlConnectionLimits(configuration)
        self.loops = loops
        self.logger = logger
    }

    /// A browser's connection.
    @Sendable
    func setUpHTTP(_ channel: any Channel) throws {
        guard let shardLoop = loops.current(on: channel.eventLoop) else { throw ChannelError.ioOnClosedChannel }
        logger.debug("browser connected", metadata: ["address": "\(channel.remoteAddress?.description ?? "")"])
        let pipeline = channel.pipeline.syncOperations
        guard hasRoom(settings.connections) else {
            return try pipeline.addHandler(Refusal(HTTPFault.tooManyConnections.closingResponse))
        }
        let first = FirstRequestHandler(shardLoop: shardLoop, settings: settings, limits: clock) { channel in
            try speakHTTP(on: channel, shardLoop)
        }
        try pipeline.addHandler(first)
    }

    /// Sets up what reads requests and writes responses.
    private func speakHTTP(on channel: any Channel, _ shardLoop: ShardLoop) throws -> HTTPHandler {
        let clock = RequestClock(limits: clock)
        let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: decoding)
        let parts = HTTPPipelineParts(
            clock: clock, decoder: ByteToMessageHandler(decoder), encoder: Self.encoder(),
            pipelining: HTTPServerPipelineHandler())
        let handler = HTTPHandler(shardLoop: shardLoop, settings: settings, proxy: shardLoop.proxy, parts: parts)
        try channel.pipeline.syncOperations.addHandlers(
            [clock, parts.encoder, parts.decoder, parts.pipelining, handler] as [any ChannelHandler])
        return handler
    }

    /// The framing of a response is the handler's to say: the encoder can't know that a request was a `HEAD`.
    private static func encoder() -> HTTPResponseEncoder {
        var configuration = HTTPResponseEncoder.Configuration()
        configuration.automaticallySetFramingHeaders = false
        return HTTPResponseEncoder(configuration: configuration)
    }

    /// An application's connection.
    @Sendable
    func setUpControl(_ channel: any Channel) throws {
        guard let shardLoop = loops.current(on: channel.eventLoop) else { throw ChannelError.ioOnClosedChannel }
        logger.debug("application connected", metadata: ["address": "\(channel.remoteAddress?.description ?? "")"])
        guard hasRoom(control.connections) else {
            var refusal = ByteBuffer()
            ControlReply.fault(id: nil, ControlFault(.tooManyConnections, limit: control.connections.limit)).write(
                into: &refusal)
            return try channel.pipeline.syncOperations.addHandler(Refusal(refusal))
        }
        try channel.pipeline.syncOperations.addHandler(ControlHandler(shardLoop: shardLoop, limits: control))
    }

    /// A connection of the HTTP control API.
    @Sendable
    func setUpAdmin(_ channel: any Channel) throws {
        guard let shardLoop = loops.current(on: channel.eventLoop) else { throw ChannelError.ioOnClosedChannel }
        let pipeline = channel.pipeline.syncOperations
        guard hasRoom(control.connections) else {
            return try pipeline.addHandler(Refusal(HTTPFault.tooManyConnections.closingResponse))
        }
        let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: decoding)
        try pipeline.addHandlers(
            [
                HTTPResponseEncoder(), ByteToMessageHandler(decoder), HTTPServerPipelineHandler(),
                HTTPServerProtocolErrorHandler(), AdminHandler(shardLoop: shardLoop, limits: control),
            ] as [any ChannelHandler])
    }

    /// Counts one more connection, if there is room; its handler counts it off when it closes.
    private func hasRoom(_ connections: ConnectionLimit) -> Bool {
        switch connections.enter() {
        case .entered:
            return true
        case .full(let isNews):
            if isNews {
                logger.warning("refusing connections, too many are open", metadata: ["limit": "\(connections.limit)"])
            }
            return false
        }
    }
}
