/// One line of the `[proxy]` section: requests whose path begins with `prefix` go to `target`.
public struct ProxyRule: Sendable, Hashable {
    /// The start of the paths that the rule matches, compared byte for byte with the path as the browser sent it.
    ///
    /// It is a plain prefix: `/chat` matches `/chat`, `/chat/room` and `/chatter`.
    public let prefix: String

    /// What answers these requests.
    public let target: ProxyTarget

    /// Makes a rule from its parts. - Precondition: `prefix` begins with "/".
    public init(prefix: String, target: ProxyTarget) {
        precondition(prefix.utf8.first == UInt8(ascii: "/"), "a rule's prefix begins with a slash")
        self.prefix = prefix
        self.target = target
    }

    /// Whether the rule is meant for a path (without its query).
    public func matches(_ path: some StringProtocol) -> Bool {
        path.utf8.starts(with: prefix.utf8)
    }
}

extension ProxyRule: CustomStringConvertible {
    /// The rule as the configuration file spells it: `/chat -> ORBITED`.
    public var description: String { "\(prefix) -> \(target)" }
}
