/// Why a text is no proxy rule; the description is a sentence that says what to write. Trying again doesn't help.
public enum ProxyRuleError: Error, Sendable, Equatable {
    /// There is no `->` between prefix and target.
    case missingArrow(rule: String)

    /// The prefix doesn't begin with "/", or nothing stands before the arrow.
    case prefixWithoutSlash(prefix: String)

    /// The prefix holds white space, a control character, "?" or "#", so that no path can begin with it.
    case unusablePrefix(prefix: String)

    /// Nothing follows the arrow.
    case missingTarget

    /// The target is neither `ORBITED` nor a URL that begins with `http://`.
    case unknownTarget(target: String)

    /// The target is an `https` URL; applications are spoken to in plain HTTP only.
    case encryptedTarget(target: String)

    /// The target goes on after host and port; requests keep the path that the browser asked for.
    case pathInTarget(authority: String, path: String)

    /// What stands where a host name or an IP address should is neither.
    case unusableHost(host: String)

    /// The port isn't a number from 1 to 65535.
    case unusablePort(port: String)
}

extension ProxyRuleError: CustomStringConvertible {
    /// One sentence for the user: what is wrong, and what to write.
    public var description: String {
        switch self {
        case .missingArrow(let rule):
            "The proxy rule \"\(rule)\" has no arrow: write \"prefix -> target\", for example "
                + "\"/ -> http://127.0.0.1:4700\"."
        case .prefixWithoutSlash(let prefix):
            "The prefix \"\(prefix)\" of a proxy rule doesn't begin with a slash: write \"/\(prefix) -> …\"."
        case .unusablePrefix(let prefix):
            "The prefix \"\(prefix)\" of a proxy rule can't begin a path: write it without white space, "
                + "control characters, \"?\" and \"#\"."
        case .missingTarget:
            "Nothing follows the arrow of a proxy rule: write ORBITED or http://host:port there."
        case .unknownTarget(let target):
            "The target \"\(target)\" of a proxy rule isn't known: write ORBITED or http://host:port."
        case .encryptedTarget(let target):
            "The target \"\(target)\" of a proxy rule asks for https, which the proxy doesn't speak to applications: "
                + "write http://host:port."
        case .pathInTarget(let authority, let path):
            "The target of a proxy rule goes on with \"\(path)\", but requests keep their own path: "
                + "write http://\(authority)."
        case .unusableHost(let host):
            "\"\(host)\" in the target of a proxy rule names no host: write http://host:port, "
                + "with an IPv6 address in brackets."
        case .unusablePort(let port):
            "The port \"\(port)\" in the target of a proxy rule isn't one: write a number from 1 to 65535."
        }
    }
}
