import NIOCore
import NIOHTTP1
import OrbitedProxy
import OrbitedTransports

/// What the HTTP side goes by.
struct HTTPSettings: Sendable {
    let defaults: EventURL.Defaults
    let transports: TransportList
    let rules: ProxyRules
    /// Which pages of other origins may have events.
    let origins: OriginRule
    let files: DaemonFiles
    /// The largest form in bytes.
    let maxForm: Int
    /// The largest message of a WebSocket in bytes.
    let maxMessage: Int
    /// Counts browsers' connections.
    let connections: ConnectionLimit
}

/// The other handlers of an HTTP connection, so that they can be taken out when it becomes a stream.
struct HTTPPipelineParts {
    let clock: RequestClock
    let decoder: ByteToMessageHandler<HTTPRequestDecoder>
    let encoder: HTTPResponseEncoder
    let pipelining: HTTPServerPipelineHandler
}
