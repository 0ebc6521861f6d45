/// What became of a trial.
package enum Outcome: Hashable, Sendable {
    case passed
    case failed(Difference)
    /// The implementation lacks these features.
    case skipped(lacking: [String])
}

/// Where a trial went another way than its case.
package struct Difference: Hashable, Sendable, Error {
    /// Which step it was, from 0; nil if it was none of them.
    package var step: Int?
    /// The step, as it stands in the case.
    package var stepText = ""
    /// What went wrong, in one sentence.
    package var reason: String
    /// What was expected, and what came instead; empty if there is nothing to show.
    package var expected = ""
    package var got = ""

    package init(_ reason: String, expected: String = "", got: String = "") {
        self.reason = reason
        self.expected = expected
        self.got = got
    }
}
