/// Why a server can't start with what it was told. All faults are named at once; trying again without a change
/// does not help.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The faults, a sentence each, which begins with the place: `orbited.cfg:12: unknown key …`. Never empty.
    public let problems: [String]

    /// The faults, a line each.
    public var description: String { problems.joined(separator: "\n") }
}
