import NIOHTTP1

/// The request as the application gets it, made from the request as the browser sent it.
struct UpstreamRequest {
    let application: Application

    /// The browser's address, if it has one.
    let clientAddress: String?

    /// What the browser speaks to Orbited: `http`.
    let scheme: String

    /// Whether the connection may be used again afterwards.
    let keepAlive: Bool

    /// Rewrites a head: always HTTP/1.1, without what concerned the browser's connection, with one clear framing.
    func head(for request: HTTPRequestHead) throws(ProxyFailure) -> HTTPRequestHead {
        let framing = try Self.checked(request)
        var headers = HopByHop.stripped(request.headers)
        headers.remove(name: "Content-Length")
        switch framing {
        case .chunked: headers.add(name: "Transfer-Encoding", value: "chunked")
        case .length(let length): headers.add(name: "Content-Length", value: length)
        case .unstated:
            // Some applications wait for a body that such a method could have (RFC 9110 section 8.6).
            if request.method.usuallyHasBody { headers.add(name: "Content-Length", value: "0") }
        }
        if framing == .unstated || request.version == .http1_0 { headers.remove(name: "Expect") }
        if !keepAlive { headers.add(name: "Connection", value: "close") }
        addForwarding(to: &headers)
        return HTTPRequestHead(version: .http1_1, method: request.method, uri: request.uri, headers: headers)
    }

    private func addForwarding(to headers: inout HTTPHeaders) {
        if let clientAddress {
            let addresses = headers["X-Forwarded-For"] + [clientAddress]
            headers.replaceOrAdd(name: "X-Forwarded-For", value: addresses.joined(separator: ", "))
        }
        headers.replaceOrAdd(name: "X-Forwarded-Proto", value: scheme)
        if let host = headers.first(name: "Host") {
            headers.replaceOrAdd(name: "X-Forwarded-Host", value: host)
        } else {
            headers.remove(name: "X-Forwarded-Host")
            headers.add(name: "Host", value: application.authority)
        }
    }

    private static func checked(_ request: HTTPRequestHead) throws(ProxyFailure) -> BodyFraming {
        guard request.method != .CONNECT else { throw .tunnelUnsupported }
        // Other upgrades, like h2c, are an offer that a server is free to ignore; a WebSocket client needs its answer.
        if request.headers.tokens("Connection").contains("upgrade"),
            request.headers.tokens("Upgrade").contains("websocket")
        {
            throw .upgradeUnsupported
        }
        guard !request.uri.isEmpty, request.uri.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw .malformedRequest(reason: "its target holds characters that no URL has")
        }
        guard request.headers.areWellFormed else {
            throw .malformedRequest(reason: "its headers hold characters that no header has")
        }
        guard request.headers["Host"].count <= 1 else {
            throw .malformedRequest(reason: "it names more than one host")
        }
        if request.version == .http1_0, request.headers.contains(name: "Transfer-Encoding") {
            throw .malformedRequest(reason: "HTTP/1.0 has no transfer codings")
        }
        do throws(BodyFraming.Fault) {
            return try BodyFraming(of: request.headers)
        } catch {
            switch error {
            case .unknownCoding: throw .codingUnsupported
            case .lengthAndCoding, .unusableLength: throw .malformedRequest(reason: error.reason)
            }
        }
    }
}

extension HTTPMethod {
    fileprivate var usuallyHasBody: Bool { self == .POST || self == .PUT || self == .PATCH }

    /// Whether doing it twice is the same as doing it once, so that it may be sent again (RFC 9110 section 9.2.2).
    var isIdempotent: Bool {
        switch self {
        case .GET, .HEAD, .OPTIONS, .PUT, .DELETE: true
        default: false
        }
    }
}
