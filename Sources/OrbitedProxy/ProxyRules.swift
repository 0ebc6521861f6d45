/// The rules of the `[proxy]` section in their order; the first whose prefix matches decides.
public struct ProxyRules: Sendable, Hashable {
    /// The rules in the order of the configuration.
    public let rules: [ProxyRule]

    /// Makes the list; the order counts.
    public init(_ rules: [ProxyRule]) {
        self.rules = rules
    }

    /// Whether there is no rule, so that nothing is proxied.
    public var isEmpty: Bool { rules.isEmpty }

    /// The first rule that matches a path (as the browser sent it, without its query).
    public func rule(for path: some StringProtocol) -> ProxyRule? {
        rules.first { $0.matches(path) }
    }

    /// The target of the first rule that matches a path (as the browser sent it, without its query).
    public func target(for path: String) -> ProxyTarget? {
        rule(for: path)?.target
    }
}

extension ProxyRules: ExpressibleByArrayLiteral {
    /// Makes the list; the order counts.
    public init(arrayLiteral elements: ProxyRule...) {
        self.init(elements)
    }
}
