import NIOHTTP1

/// The header fields that concern one connection only and never cross the proxy (RFC 9110 section 7.6.1).
enum HopByHop {
    private static let names: Set<String> = [
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade",
    ]

    /// What `Connection` can't name away: without these a message means something else to the next reader.
    private static let kept: Set<String> = ["content-length", "host"]

    /// What no trailer may say, for it was needed before the body: framing, routing, authentication
    /// (RFC 9110 section 6.5.1).
    private static let notInTrailers: Set<String> = [
        "authorization", "content-encoding", "content-length", "content-range", "content-type", "cookie", "expect",
        "forwarded", "host", "set-cookie", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto",
    ]

    /// The headers without those that concern the connection, among them all that `Connection` names.
    static func stripped(_ headers: HTTPHeaders) -> HTTPHeaders {
        let dropped = names.union(Set(headers.tokens("Connection")).subtracting(kept))
        return HTTPHeaders(headers.filter { !dropped.contains($0.name.lowercased()) })
    }

    /// The trailers that may cross the proxy; nil if none do.
    static func stripped(trailers: HTTPHeaders?) -> HTTPHeaders? {
        guard let trailers, trailers.areWellFormed else { return nil }
        let left = trailers.filter { field in
            let name = field.name.lowercased()
            return !names.contains(name) && !notInTrailers.contains(name)
        }
        return left.isEmpty ? nil : HTTPHeaders(left)
    }
}
