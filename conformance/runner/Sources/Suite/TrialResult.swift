/// What became of a trial, and what that means for the run.
package struct TrialResult: Sendable {
    package enum Verdict: String, Sendable, Codable, CaseIterable {
        case passed, failed
        /// It failed, and is listed as failing.
        case known
        /// The implementation lacks a feature.
        case skipped
    }

    package let trial: Trial
    package let outcome: Outcome
    package let verdict: Verdict
    package let seconds: Double

    package init(_ trial: Trial, _ outcome: Outcome, known: KnownFailures = KnownFailures(), seconds: Double = 0) {
        self.trial = trial
        self.outcome = outcome
        self.seconds = seconds
        verdict =
            switch outcome {
            case .passed: .passed
            case .skipped: .skipped
            case .failed: known.contains(trial) ? .known : .failed
            }
    }
}

extension [TrialResult] {
    package func count(_ verdict: TrialResult.Verdict) -> Int { count { $0.verdict == verdict } }
}
