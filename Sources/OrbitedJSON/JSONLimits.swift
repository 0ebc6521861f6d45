/// How much of a text `JSON.parse` takes.
public struct JSONLimits: Sendable, Equatable {
    /// The longest text, in bytes. Default 1 MiB (the default limit of an event's body), range 0 to 2^31-1 (libjansson
    /// counts bytes in a C int). While it is read, a text of nothing but empty objects, the worst case, takes some 120
    /// times its size in memory.
    public let maximumSize: Int

    /// How deep arrays and objects may be nested: a text without any has depth 0, `[]` has depth 1. Default 64,
    /// range 0 to 1,024 (libjansson is compiled to stop at 2,048; half of that leaves room on small stacks).
    public let maximumDepth: Int

    /// 1 MiB, 64 deep.
    public static let `default` = JSONLimits()

    /// Makes limits. A number out of its range is a programmer's fault, and traps.
    ///
    /// - Parameters:
    ///   - maximumSize: bytes, 0 to 2^31-1; default 1 MiB
    ///   - maximumDepth: levels, 0 to 1,024; default 64
    public init(maximumSize: Int = 1 << 20, maximumDepth: Int = 64) {
        precondition((0...Int(Int32.max)).contains(maximumSize), "maximumSize is a number from 0 to 2^31-1")
        precondition((0...1_024).contains(maximumDepth), "maximumDepth is a number from 0 to 1,024")
        self.maximumSize = maximumSize
        self.maximumDepth = maximumDepth
    }
}
