import NIOCore
import NIOHTTP1

/// Why an exchange got no response of an application; before the response's head it becomes a response of its own.
enum ProxyFailure: Error, Equatable {
    /// No connection could be made.
    case unreachable(reason: String)

    /// The name in the rule has no address.
    case unresolvable

    /// The connection wasn't there in time.
    case connectTimedOut(TimeAmount)

    /// The connection ended before the response did.
    case closedEarly

    /// The application sent something that isn't a response.
    case malformedResponse(reason: String)

    /// The application sent nothing, or took nothing of the request, for so long.
    case responseTimedOut(TimeAmount)

    /// The browser asked for a WebSocket.
    case upgradeUnsupported

    /// The browser asked for a tunnel.
    case tunnelUnsupported

    /// The request's body comes in a transfer coding other than chunked.
    case codingUnsupported

    /// The request can't be passed on unambiguously.
    case malformedRequest(reason: String)

    /// The status of the response that tells the browser.
    var status: HTTPResponseStatus {
        switch self {
        case .unreachable, .unresolvable, .closedEarly, .malformedResponse: .badGateway
        case .connectTimedOut, .responseTimedOut: .gatewayTimeout
        case .upgradeUnsupported, .tunnelUnsupported, .codingUnsupported: .notImplemented
        case .malformedRequest: .badRequest
        }
    }

    /// Whether the browser asked for what it can't have; the application was never asked.
    var isClientFault: Bool {
        switch self {
        case .upgradeUnsupported, .tunnelUnsupported, .codingUnsupported, .malformedRequest: true
        case .unreachable, .unresolvable, .connectTimedOut, .closedEarly, .malformedResponse, .responseTimedOut: false
        }
    }

    /// Whether the same request on a fresh connection may fare better: the connection was closed while it was unused.
    var isCuredByFreshConnection: Bool { self == .closedEarly }
}

extension ProxyFailure {
    /// What failed, as a sentence for people.
    func sentence(about application: Application) -> String {
        switch self {
        case .unreachable(let reason):
            "The application at \(application) can't be reached: \(reason)."
        case .unresolvable:
            "The application's host \(application.host) can't be found: its name has no address."
        case .connectTimedOut(let time):
            "The application at \(application) accepted no connection within \(time.inSeconds)."
        case .closedEarly:
            "The application at \(application) closed the connection before its response was complete."
        case .malformedResponse(let reason):
            "The application at \(application) sent no valid HTTP response: \(reason)."
        case .responseTimedOut(let time):
            "The application at \(application) was silent for \(time.inSeconds)."
        case .upgradeUnsupported:
            "This version of Orbited doesn't proxy upgraded connections such as WebSockets."
        case .tunnelUnsupported:
            "Orbited doesn't open tunnels: it answers no CONNECT request."
        case .codingUnsupported:
            "Orbited knows no transfer coding of requests but chunked."
        case .malformedRequest(let reason):
            "The request can't be passed on: \(reason)."
        }
    }

    /// What to look at, as a sentence for people.
    var advice: String {
        switch self {
        case .unreachable, .unresolvable, .connectTimedOut:
            "Is the application running? Start it or correct the rule, then reload this page."
        case .closedEarly, .malformedResponse:
            "The application's own log may tell what went wrong."
        case .responseTimedOut:
            "Is the application busy or stuck? The setting proxy.response_timeout tells how long Orbited waits."
        case .upgradeUnsupported:
            "Let the page open its WebSocket to the application directly."
        case .tunnelUnsupported, .codingUnsupported, .malformedRequest:
            "The program that sent the request has to send it differently."
        }
    }
}

extension TimeAmount {
    /// The time for people: `5 s`, `0.25 s`.
    fileprivate var inSeconds: String {
        let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        return rest == 0 ? "\(seconds) s" : "\(Double(nanoseconds) / 1e9) s"
    }
}
