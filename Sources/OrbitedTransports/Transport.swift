import NIOCore
import OrbitedCore

/// How events look to a browser: the page of each is in `protocol/transports/`.
///
/// A transport writes the bytes of a response's body; framing them as HTTP is the server's part.
public protocol Transport: Sendable {
    /// The name in URLs.
    var name: String { get }
    /// Whether a response takes many events or one.
    var kind: OutletKind { get }
    /// The `Content-Type` of its responses.
    var contentType: String { get }
    /// What a stream's body begins with.
    var preamble: ByteBuffer { get }
    /// What breaks the silence of a stream; `nil` if nothing does.
    var heartbeat: ByteBuffer? { get }
    /// After how many bytes of body a stream is ended with its ``recycling``; `nil` if it never is.
    var maxBytes: Int? { get }
    /// The last bytes of a stream that has reached ``maxBytes``; they make the browser come back.
    var recycling: ByteBuffer? { get }

    /// Writes one event.
    func write(_ body: ByteBuffer, into buffer: inout ByteBuffer)
    /// The last bytes of a stream that ends for this reason, if any.
    func farewell(_ reason: EndReason) -> ByteBuffer?
}

extension Transport {
    /// Nothing.
    public var preamble: ByteBuffer { ByteBuffer() }
    /// None.
    public var heartbeat: ByteBuffer? { nil }
    /// Never.
    public var maxBytes: Int? { nil }
    /// None.
    public var recycling: ByteBuffer? { nil }
    /// None.
    public func farewell(_ reason: EndReason) -> ByteBuffer? { nil }
}
