/// Where a page came from: scheme, host and port. RFC 6454 §4
public struct WebOrigin: Sendable, Hashable, CustomStringConvertible {
    /// `http` or `https`.
    let scheme: String
    /// Host and port, the port always written out.
    private let authority: String

    /// The origin as browsers write it: in lower case, without the port that the scheme has anyhow.
    public var description: String { "\(scheme)://\(hostHeader)" }

    /// Whether it is spoken to over TLS.
    var isSecure: Bool { scheme == "https" }

    /// Host and port as a `Host` header names them: without the port that the scheme has anyhow.
    var hostHeader: String {
        let end = ":\(Self.defaultPorts[scheme] ?? 0)"
        return authority.hasSuffix(end) ? String(authority.dropLast(end.count)) : authority
    }

    /// A host name or an IP address, without brackets.
    var host: String { String(authority.prefix(upTo: colon).drop { $0 == "[" }.prefix { $0 != "]" }) }

    /// The port.
    var port: Int { Int(authority[colon...].dropFirst()) ?? 0 }

    private var colon: String.Index { authority.lastIndex(of: ":") ?? authority.endIndex }

    /// Takes an origin such as `https://example.org` or `http://localhost:8080`; `nil` for anything else, also for
    /// one with a path, and for the `null` of pages without an origin.
    public init?(_ text: some StringProtocol) {
        let parts = Parts(text)
        guard let parts, parts.rest.isEmpty else { return nil }
        self.init(parts)
    }

    /// The origin of the page at a URL, such as a `Referer` holds.
    init?(ofPage url: some StringProtocol) {
        guard let parts = Parts(url) else { return nil }
        self.init(parts)
    }

    private init?(_ parts: Parts) {
        guard let port = Self.defaultPorts[parts.scheme],
            let authority = Self.authority(parts.authority, defaultPort: port)
        else { return nil }
        self.authority = authority
        scheme = parts.scheme
    }

    /// Whether a request with this `Host` header went where the page came from. What stands before the server may have
    /// spoken TLS, so the scheme is not asked for; it only tells which port a header without one means.
    func isOf(host: String) -> Bool {
        Self.defaultPorts[scheme].flatMap { Self.authority(host, defaultPort: $0) } == authority
    }

    private static let defaultPorts = ["http": 80, "https": 443]

    /// `host:port` in one spelling; `nil` if it isn't that.
    private static func authority(_ text: some StringProtocol, defaultPort: Int) -> String? {
        let text = text.lowercased()
        let hostEnd = text.hasPrefix("[") ? text.lastIndex(of: "]").map { text.index(after: $0) } : nil
        let colon = text[(hostEnd ?? text.startIndex)...].firstIndex(of: ":")
        let host = text[..<(colon ?? text.endIndex)]
        guard ListenHost(String(host)) != nil, hostEnd == nil || hostEnd == host.endIndex else { return nil }
        guard let colon else { return "\(host):\(defaultPort)" }
        guard let port = DecimalText.whole(text[text.index(after: colon)...]), (1...65_535).contains(port) else {
            return nil
        }
        return "\(host):\(port)"
    }

    /// A URL taken apart.
    private struct Parts {
        let scheme: String
        let authority: Substring
        let rest: Substring

        init?(_ url: some StringProtocol) {
            let url = Substring(url)
            guard let mark = url.firstRange(of: "://") else { return nil }
            scheme = url[..<mark.lowerBound].lowercased()
            authority = url[mark.upperBound...].prefix { !["/", "?", "#"].contains($0) }
            rest = url[authority.endIndex...]
        }
    }
}
