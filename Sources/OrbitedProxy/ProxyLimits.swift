import NIOCore
import NIOHTTP1

/// The bounds of what the proxy holds in memory for one exchange.
enum ProxyLimits {
    /// Bytes of a request's body that wait for the connection to the application; from there on the client is paused,
    /// so that beyond it comes only what the client had read already.
    static let waitingBody = 64 * 1024

    /// Bytes of one header field of a response; beyond, the response is malformed.
    static let headerField = 64 * 1024

    /// Bytes of all header fields of a response; beyond, the response is malformed.
    static let headerList = 256 * 1024

    /// The kernel's receive buffer of a connection to an application, in bytes. What is in it when the application
    /// closes is delivered at once, even to a client that is slow: NIO reads up to the end then.
    static let receiveBuffer = 256 * 1024

    static var decoder: NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = headerField
        limits.maxHeaderListSize = headerList
        return limits
    }
}
