import NIOCore
import OrbitedCore
import OrbitedWire

/// How events look to a browser: the page of each is in `protocol/transports/`.
///
/// A transport writes the bytes of a response's body, or of a socket's messages; framing them is the server's part.
public protocol Transport: Sendable {
    /// The name in URLs.
    var name: String { get }
    /// How a response takes events.
    var kind: OutletKind { get }
    /// What its bytes travel in.
    var carrier: Carrier { get }
    /// Whether its events carry cursors, so that a browser can come back without missing any.
    var hasCursors: Bool { get }
    /// Whether a request must name a function to be called.
    var needsCallback: Bool { get }
    /// Headers that its responses have beside those of all.
    var headers: [(name: String, value: String)] { get }
    /// The `Content-Type` of its responses.
    var contentType: String { get }
    /// What a stream's body begins with while its position is not known.
    var preamble: ByteBuffer { get }
    /// What breaks the silence of a stream; `nil` if nothing does.
    var heartbeat: ByteBuffer? { get }
    /// After how many bytes of body a stream is ended with its ``recycling``; `nil` if it never is.
    var maxBytes: Int? { get }
    /// The last bytes of a stream that has reached ``maxBytes``; they make the browser come back.
    var recycling: ByteBuffer? { get }

    /// What a stream's body begins with when the position is known: the preamble and the mark.
    func preamble(at mark: Mark) -> ByteBuffer
    /// Tells a stream's browser where it stands, or that events are missing; `nil` if the transport can't.
    func mark(_ mark: Mark) -> ByteBuffer?
    /// Writes one event; for batches, its part of the response.
    func write(_ body: ByteBuffer, cursor: Cursor, into buffer: inout ByteBuffer)
    /// The last bytes of a stream that ends for this reason, if any.
    func farewell(_ reason: EndReason) -> ByteBuffer?
    /// The response of a batch transport.
    ///
    /// - Parameters:
    ///   - parts: its events as ``write(_:cursor:into:)`` writes them.
    ///   - callback: the function to be called, on transports that call one.
    func response(_ parts: [ByteBuffer], mark: Mark, callback: String?) -> ByteBuffer
    /// The response of a batch transport that ends for this reason; the mark is where the browser stands, if known.
    func response(ending reason: EndReason, mark: Mark?, callback: String?) -> ByteBuffer
}

/// What the bytes of a transport travel in.
public enum Carrier: Sendable {
    /// The body of an HTTP response.
    case response
    /// The messages of a WebSocket.
    case webSocket
}

extension Transport {
    /// A response.
    public var carrier: Carrier { .response }
    /// None.
    public var hasCursors: Bool { false }
    /// It need not.
    public var needsCallback: Bool { false }
    /// None.
    public var headers: [(name: String, value: String)] { [] }
    /// Nothing.
    public var preamble: ByteBuffer { ByteBuffer() }
    /// None.
    public var heartbeat: ByteBuffer? { nil }
    /// Never.
    public var maxBytes: Int? { nil }
    /// None.
    public var recycling: ByteBuffer? { nil }
    /// The preamble, and the mark behind it.
    public func preamble(at mark: Mark) -> ByteBuffer {
        var whole = preamble
        if let piece = self.mark(mark) { whole.writeImmutableBuffer(piece) }
        return whole
    }
    /// It can't.
    public func mark(_ mark: Mark) -> ByteBuffer? { nil }
    /// None.
    public func farewell(_ reason: EndReason) -> ByteBuffer? { nil }
    /// Its parts one after the other.
    public func response(_ parts: [ByteBuffer], mark: Mark, callback: String?) -> ByteBuffer {
        parts.reduce(into: ByteBuffer()) { $0.writeImmutableBuffer($1) }
    }
    /// Empty.
    public func response(ending reason: EndReason, mark: Mark?, callback: String?) -> ByteBuffer { ByteBuffer() }
}
