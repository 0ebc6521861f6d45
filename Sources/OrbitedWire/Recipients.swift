/// Whom a frame of Orbit 1.1 is about: keys, and patterns that stand for keys. [CTL-112]
public struct Recipients: Hashable, Sendable {
    /// The keys that are named, in order; one may stand there twice.
    public var keys: [ConnectionKey]
    /// The patterns, in order.
    public var patterns: [KeyPattern]

    /// Creates recipients.
    public init(keys: [ConnectionKey] = [], patterns: [KeyPattern] = []) {
        self.keys = keys
        self.patterns = patterns
    }

    /// How many are written in the frame.
    public var count: Int { keys.count + patterns.count }

    /// Whether the key is named, or a pattern stands for it.
    public func contains(_ key: ConnectionKey) -> Bool {
        keys.contains(key) || patterns.contains { $0.matches(key) }
    }
}
