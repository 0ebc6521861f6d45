/// Where the application wants to be told: `http://127.0.0.1:4700/orbited/signon`.
public struct CallbackURL: Sendable, Hashable, CustomStringConvertible {
    /// Whether it is spoken to over TLS.
    let isSecure: Bool
    /// A host name or an IP address, without brackets.
    let host: String
    let port: Int
    /// Path and query, as the request line has them.
    let target: String

    /// Reads an absolute `http` or `https` URL without user name and fragment; nil if it is none.
    public init?(_ text: String) {
        guard let mark = text.firstRange(of: "://"), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        switch text[..<mark.lowerBound].lowercased() {
        case "http": isSecure = false
        case "https": isSecure = true
        default: return nil
        }
        let authority = text[mark.upperBound...].prefix { !["/", "?", "#"].contains($0) }
        let rest = text[authority.endIndex...]
        guard !rest.contains("#"), !authority.contains("@") else { return nil }
        let hostEnd = authority.hasPrefix("[") ? authority.lastIndex(of: "]").map { authority.index(after: $0) } : nil
        let colon = authority[(hostEnd ?? authority.startIndex)...].firstIndex(of: ":")
        guard let host = ListenHost(String(authority[..<(colon ?? authority.endIndex)])) else { return nil }
        self.host = host.text
        if let colon {
            guard let port = DecimalText.whole(authority[authority.index(after: colon)...]), (1...65_535).contains(port)
            else { return nil }
            self.port = port
        } else {
            port = isSecure ? 443 : 80
        }
        target = rest.hasPrefix("/") ? String(rest) : "/" + rest
    }

    /// Host and port, as a `Host` header names them.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// The URL in one spelling.
    public var description: String { "\(isSecure ? "https" : "http")://\(authority)\(target)" }
}

extension SettingKind where Value == CallbackURL? {
    /// The URL of an application, or `none`.
    static var callbackURL: SettingKind<CallbackURL?> {
        SettingKind(
            name: "url",
            requirement: "a URL such as http://127.0.0.1:4700/orbited/signon, or none",
            parse: { text in
                if text.lowercased() == "none" { return .some(nil) }
                guard let url = CallbackURL(text) else { return nil }
                return .some(url)
            },
            render: { $0?.description ?? "none" },
            correction: { text in CallbackURL("http://\(text)").flatMap { $0.target == "/" ? nil : $0.description } })
    }
}
