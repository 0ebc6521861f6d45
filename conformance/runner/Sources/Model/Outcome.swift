/// What became of a trial.
public enum Outcome: Hashable, Sendable {
    case passed
    case failed(Difference)
    /// The implementation lacks these features.
    case skipped(lacking: [String])
}

/// Where a trial went another way than its case.
public struct Difference: Hashable, Sendable, Error {
    /// Which step it was, from 0; nil if it was none of them.
    public var step: Int?
    /// The step, as it stands in the case.
    public var stepText = ""
    /// What went wrong, in one sentence.
    public var reason: String
    /// What was expected, and what came instead; empty if there is nothing to show.
    public var expected = ""
    public var got = ""

    public init(_ reason: String, expected: String = "", got: String = "") {
        self.reason = reason
        self.expected = expected
        self.got = got
    }
}
