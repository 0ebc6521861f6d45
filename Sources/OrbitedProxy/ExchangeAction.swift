import NIOCore
import NIOHTTP1

/// What the state machine of an exchange wants done; actions are carried out in their order.
enum ExchangeAction: Equatable {
    /// Get a connection to the application; a fresh one, unless an unused one is good enough.
    case connect(mayReuse: Bool)

    /// Send this to the application.
    case sendHead(HTTPRequestHead)
    case sendBody(ByteBuffer)
    case sendEnd(HTTPHeaders?)

    /// Read once from the application.
    case read

    /// Give the connection back; it closes unless it may be used again.
    case release(reuse: Bool)

    /// Tell the client about its request.
    case pauseRequest
    case resumeRequest

    /// Pass the application's response on to the client.
    case respondHead(HTTPResponseHead)
    case respondBody(ByteBuffer)
    case respondEnd(HTTPHeaders?)

    /// Answer the client in place of the application.
    case respondFailure(ProxyFailure)

    /// Tell the client that its response stays incomplete.
    case abort(ProxyFailure)

    /// Start the time that the application has for its next progress, or start it anew.
    case armTimer

    /// Stop it: the application isn't who is waited for.
    case disarmTimer
}
