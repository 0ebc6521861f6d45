import NIOCore
import NIOHTTP1

/// Why a request gets no events: a status and one plain sentence for the person at the other end. [BRW-34] [BRW-35]
struct HTTPFault: Error, Equatable {
    let status: HTTPResponseStatus
    let message: String

    static let notHTTP = HTTPFault(status: .badRequest, message: "This is not an HTTP request.")
    static let badTarget = HTTPFault(status: .badRequest, message: "The request's target is not a path.")
    static let badEncoding = HTTPFault(
        status: .badRequest,
        message: "The URL holds a % that is not followed by two hexadecimal digits, or is not UTF-8.")
    static let tooManyParts = HTTPFault(
        status: .badRequest, message: "After the bar a URL has at most three parts: /location|user,session,transport.")
    static let noUser = HTTPFault(
        status: .notFound,
        message:
            "There is no page here. Events are at /location?user=NAME&session=KEY&transport=sse, or at /location|NAME,KEY,sse."
    )
    static let foreignOrigin = HTTPFault(
        status: .forbidden,
        message:
            "Events are not for pages of this origin; the server's setting origins in [http] says for which they are.")
    static let noFile = HTTPFault(status: .notFound, message: "Orbited has no file of that name.")
    static let exampleIsOff = HTTPFault(
        status: .notFound, message: "The example page is off; the setting example = 1 in [http] switches it on.")
    static let exampleIsWithheld = HTTPFault(
        status: .notFound,
        message: "The example page is there only while http.host in [global] is an address of this machine alone.")
    static let headTooLarge = HTTPFault(
        status: .requestHeaderFieldsTooLarge, message: "The request's head is larger than this server takes.")
    static let formTooLarge = HTTPFault(status: .payloadTooLarge, message: "The form is larger than this server takes.")
    static let tooSlow = HTTPFault(status: .requestTimeout, message: "The request did not arrive in time.")
    static let shuttingDown = HTTPFault(status: .serviceUnavailable, message: "The server is shutting down.")
    static let tooManyConnections = HTTPFault(
        status: .serviceUnavailable, message: "Too many browsers are connected; try again later.")

    static let badCursor = HTTPFault(
        status: .badRequest, message: "The field ack holds no cursor; give back one that came with an event.")
    static let badCallback = HTTPFault(
        status: .badRequest,
        message: "The transport jsonp needs a field callback with the name of a function, such as got.events.")
    static let upgradeNeeded = HTTPFault(
        status: .upgradeRequired,
        message: "The transport ws is for WebSockets; this request does not ask for one, or not by RFC 6455.")

    static func rawTransport(_ name: String) -> HTTPFault {
        HTTPFault(
            status: .badRequest,
            message: "The transport \(name) hands bodies to the browser as they are, so it is off; "
                + "to have it, set raw = 1 in [transport].")
    }

    static let badMethod = HTTPFault(
        status: .methodNotAllowed, message: "This method can't be used here; use GET, HEAD, POST or OPTIONS.")

    static func transport(_ name: String, known: [String]) -> HTTPFault {
        HTTPFault(
            status: .badRequest,
            message: "There is no transport of that name; there are \(known.joined(separator: ", ")).")
    }
}

extension HTTPFault {
    /// The whole response, for a connection that ends with it. [BRW-34]
    var closingResponse: ByteBuffer {
        let text = "\(message)\n"
        return ByteBuffer(
            string: "HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\nContent-Type: text/plain; charset=utf-8\r\n"
                + "Content-Length: \(text.utf8.count)\r\nConnection: close\r\n\r\n\(text)")
    }
}
