import NIOCore
import NIOHTTP1

/// The browser's side of an exchange: what the proxy tells the HTTP handler that began it.
///
/// All calls come on the event loop of the `ReverseProxy`, none from within `begin`. A response is one head, any
/// number of bodies and one end; once it has begun, `proxyAbort` may take the place of what is left. A head of status
/// 100 may precede the response's own if the request said `Expect: 100-continue`. After the end or the abort the
/// exchange keeps no reference to its client.
///
/// Heads carry no hop-by-hop headers, neither `Connection` nor `Transfer-Encoding`: how the message is framed and
/// whether the connection stays is the handler's own choice. A `Content-Length` is there if the length is known; it may
/// also be there, without a body, in responses to HEAD and in a 304. The response may end before the request does: what
/// is handed to the exchange then is dropped.
public protocol ProxyClient: AnyObject {
    /// Begins the response.
    func proxyRespond(head: HTTPResponseHead)

    /// Passes on a part of the response's body. To stop the flow, tell the exchange that the client isn't writable.
    func proxyRespond(body: ByteBuffer)

    /// Ends the response, with the trailers that the application sent.
    func proxyRespond(end trailers: HTTPHeaders?)

    /// The application is slower than the browser: read no more of the request's body.
    ///
    /// What was read already may still be handed to the exchange.
    func proxyPauseRequest()

    /// Read on after `proxyPauseRequest`.
    func proxyResumeRequest()

    /// The response broke off in its middle. The connection has to be closed without ending the response, so that the
    /// browser sees that it is incomplete.
    func proxyAbort()
}
