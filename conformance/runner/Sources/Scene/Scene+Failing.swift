extension Scene {
    /// What an error of a step means for its trial.
    static func difference(_ error: any Error) -> Difference {
        switch error {
        case let difference as Difference: difference
        case let mismatch as Patterns.Mismatch: difference(mismatch, "what came")
        case let failure as Connection.Failure: Difference(failure.inWords)
        case let violation as Violation: Difference(violation.sentence, got: violation.got)
        default: Difference("the step could not be done: \(error)")
        }
    }

    static func difference(_ mismatch: Patterns.Mismatch, _ what: String, whole: String = "") -> Difference {
        let got = mismatch.path.isEmpty || whole.isEmpty ? mismatch.got : "\(mismatch.got) in \(whole)"
        return Difference(
            "\(what) is not as expected\(mismatch.place)", expected: shortened(mismatch.expected), got: shortened(got))
    }

    /// Compares what came with a pattern, and says what it was if it differs.
    func match(_ pattern: JSONValue, _ value: JSONValue, _ what: String) throws {
        do { try patterns.match(pattern, value) } catch let mismatch as Patterns.Mismatch {
            throw Self.difference(mismatch, what, whole: value.text)
        }
    }
}

extension Connection.Failure {
    var inWords: String {
        switch self {
        case .late(let sent): "the peer took only \(grouped(sent)) bytes of what was sent, and no more in time"
        case .gone: "the connection was gone before"
        }
    }
}
