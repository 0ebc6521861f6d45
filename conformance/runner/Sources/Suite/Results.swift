import Synchronization

/// The results of a run, as they come.
final class Results: Sendable {
    private let known: KnownFailures
    private let onResult: @Sendable (TrialResult) -> Void
    private let results = Mutex<[TrialResult]>([])

    init(_ known: KnownFailures, _ onResult: @escaping @Sendable (TrialResult) -> Void) {
        self.known = known
        self.onResult = onResult
    }

    func add(_ trial: Trial, _ outcome: Outcome, seconds: Double) {
        let result = TrialResult(trial, outcome, known: known, seconds: seconds)
        results.withLock { $0.append(result) }
        onResult(result)
    }

    var all: [TrialResult] { results.withLock { $0 } }
}
