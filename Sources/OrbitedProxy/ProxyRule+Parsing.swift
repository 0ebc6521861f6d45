extension ProxyRule {
    /// Parses a rule as the configuration file spells it: `/chat -> ORBITED`, `/ -> http://127.0.0.1:4700`.
    ///
    /// White space round the arrow is free, `ORBITED` and `http` are taken in any case, and the port is 80 if none is
    /// named.
    /// - Throws: `ProxyRuleError`, whose description tells what is wrong with the rule and what to write.
    public init(parsing text: String) throws(ProxyRuleError) {
        guard let arrow = text.firstIndex(of: "->") else { throw .missingArrow(rule: text) }
        let prefix = text[..<arrow].trimming(\.isWhitespace)
        guard prefix.utf8.first == UInt8(ascii: "/") else { throw .prefixWithoutSlash(prefix: String(prefix)) }
        guard prefix.utf8.allSatisfy(\.isUsualInPath) else { throw .unusablePrefix(prefix: String(prefix)) }
        let target = text[text.index(arrow, offsetBy: 2)...].trimming(\.isWhitespace)
        self.init(prefix: String(prefix), target: try ProxyTarget(parsing: target))
    }
}

extension ProxyTarget {
    fileprivate init(parsing text: Substring) throws(ProxyRuleError) {
        guard !text.isEmpty else { throw .missingTarget }
        if text.lowercased() == "orbited" {
            self = .orbited
            return
        }
        guard let separator = text.firstIndex(of: "://") else { throw .unknownTarget(target: String(text)) }
        switch text[..<separator].lowercased() {
        case "http": self = .application(try Application(parsing: text[text.index(separator, offsetBy: 3)...]))
        case "https": throw .encryptedTarget(target: String(text))
        default: throw .unknownTarget(target: String(text))
        }
    }
}

extension Application {
    /// Parses what follows `http://`; the single slash that URLs like to end with is taken too.
    fileprivate init(parsing text: Substring) throws(ProxyRuleError) {
        let end = text.firstIndex { "/?#".contains($0) } ?? text.endIndex
        let (authority, rest) = (text[..<end], text[end...])
        guard rest.isEmpty || rest == "/" else { throw .pathInTarget(authority: String(authority), path: String(rest)) }
        let (host, port) = try Self.split(authority)
        self.init(host: String(host), port: try Self.parse(port: port))
    }

    private static func split(_ authority: Substring) throws(ProxyRuleError) -> (host: Substring, port: Substring?) {
        let (host, rest): (Substring, Substring)
        if authority.first == "[" {
            guard let bracket = authority.firstIndex(of: "]") else { throw .unusableHost(host: String(authority)) }
            (host, rest) = (authority[..<bracket].dropFirst(), authority[bracket...].dropFirst())
            guard host.contains(":"), host.utf8.allSatisfy(\.isUsualInIPv6) else {
                throw .unusableHost(host: String(authority))
            }
        } else {
            let colon = authority.firstIndex(of: ":") ?? authority.endIndex
            (host, rest) = (authority[..<colon], authority[colon...])
            guard !host.isEmpty, host.utf8.allSatisfy(\.isUsualInHostName) else {
                throw .unusableHost(host: String(authority))
            }
        }
        guard rest.isEmpty || rest.first == ":" else { throw .unusableHost(host: String(authority)) }
        return (host, rest.isEmpty ? nil : rest.dropFirst())
    }

    private static func parse(port: Substring?) throws(ProxyRuleError) -> Int {
        guard let port else { return defaultPort }
        guard port.utf8.allSatisfy(\.isDigit), let number = UInt16(port), number > 0 else {
            throw .unusablePort(port: String(port))
        }
        return Int(number)
    }
}

extension StringProtocol {
    fileprivate func firstIndex(of text: String) -> Index? {
        indices.first { self[$0...].hasPrefix(text) }
    }
}

extension UInt8 {
    /// Not a control character, a space, or what ends a path.
    fileprivate var isUsualInPath: Bool {
        self > 0x20 && self != 0x7F && self != UInt8(ascii: "?") && self != UInt8(ascii: "#")
    }

    fileprivate var isUsualInHostName: Bool {
        isDigit || isLetter || self == UInt8(ascii: "-") || self == UInt8(ascii: ".") || self == UInt8(ascii: "_")
    }

    fileprivate var isUsualInIPv6: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
        default: isDigit || self == UInt8(ascii: ":") || self == UInt8(ascii: ".")
        }
    }
}
