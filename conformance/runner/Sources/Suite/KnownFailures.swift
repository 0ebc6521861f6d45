/// The trials of which it is known that they fail, from a file.
///
/// A line holds the id or the name of a trial, or a pattern of them; `#` begins a comment. A trial of the list that
/// fails does not fail the run, and one that passes does: so the list can't rot.
package struct KnownFailures: Sendable {
    package private(set) var lines: [Glob] = []

    package init() {}

    package init(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            let pattern = line.prefix { $0 != "#" }.trimmed
            if !pattern.isEmpty { lines.append(Glob(pattern)) }
        }
    }

    package func contains(_ trial: Trial) -> Bool { lines.contains { Self.matches($0, trial) } }

    private static func matches(_ line: Glob, _ trial: Trial) -> Bool {
        line.matches(trial.theCase.id) || line.matches(trial.name)
    }

    /// The lines that match no case at all.
    package func unknown(among cases: [Case]) -> [String] {
        let trials = cases.flatMap(\.trials)
        return lines.filter { line in !trials.contains { Self.matches(line, $0) } }.map(\.text)
    }

    /// The ids of the cases that are listed and have passed in all their listed trials that ran.
    package func passed(among results: [TrialResult]) -> [String] {
        let listed = results.filter { contains($0.trial) && $0.verdict != .skipped }
        let failed = Set(listed.filter { $0.verdict == .known }.map(\.trial.theCase.id))
        return Set(listed.map(\.trial.theCase.id)).subtracting(failed).sorted()
    }
}
