/// A report for people, as text.
package struct Summary {
    /// More failures of one case are counted only.
    private static let mostTrials = 3

    private let report: Report
    private let requirements: [String: Requirements.Requirement]

    package init(_ report: Report) {
        self.report = report
        requirements = Dictionary(report.requirements.map { ($0.id, $0) }) { first, _ in first }
    }

    /// The failed cases, and then the counts.
    package var text: String {
        let failed = report.cases.filter { $0.outcome == TrialResult.Verdict.failed.rawValue }
        let parts = failed.map(text(of:)) + unexpected + nothing + [counts]
        return parts.joined(separator: "\n\n") + "\n"
    }

    private func text(of entry: Report.Entry) -> String {
        var lines = ["FAILED \(entry.id) (\(entry.level))", "  \(entry.description)"]
        if !entry.quote.isEmpty { lines.append("  “\(entry.quote)”") }
        lines.append("  \(entry.requirements.map(reference).joined(separator: ", "))")
        let failed = entry.trials.filter { $0.failure != nil && $0.outcome == TrialResult.Verdict.failed.rawValue }
        // Cuts and variations that went wrong in the same way are told together.
        var groups: [(failure: Report.Failure, names: [String])] = []
        for trial in failed {
            guard let failure = trial.failure else { continue }
            if let index = groups.firstIndex(where: { isAlike($0.failure, failure) }) {
                groups[index].names.append(trial.name)
            } else {
                groups.append((failure, [trial.name]))
            }
        }
        for group in groups.prefix(Self.mostTrials) { lines += text(of: group.failure, group.names, in: entry) }
        let rest = groups.dropFirst(Self.mostTrials).map(\.names.count).reduce(0, +)
        if rest > 0 { lines.append("  and \(rest) more trials in other ways; see --json or --html") }
        return lines.joined(separator: "\n")
    }

    private func isAlike(_ one: Report.Failure, _ other: Report.Failure) -> Bool {
        one.step == other.step && one.reason == other.reason
    }

    private func text(of failure: Report.Failure, _ names: [String], in entry: Report.Entry) -> [String] {
        var lines: [String] = []
        let runs = names.map { $0.dropFirst(entry.id.count) }.filter { !$0.isEmpty }
        let whole = names.count - runs.count
        let words = (whole > 0 && !runs.isEmpty ? ["whole"] : []) + runs.prefix(8).map(String.init)
        let more = runs.count > 8 ? " and \(runs.count - 8) more" : ""
        if !words.isEmpty { lines.append("  in \(words.joined(separator: " "))\(more)") }
        if let step = failure.step {
            let text = failure.stepText.count > 300 ? failure.stepText.prefix(300) + "…" : failure.stepText
            lines.append("  step \(step) of \(entry.steps.count): \(text)")
        }
        lines += failure.reason.split(separator: "\n").map { "    \($0)" }
        return lines + Comparison.lines(expected: failure.expected, got: failure.got).map { "    \($0)" }
    }

    private func reference(_ id: String) -> String {
        requirements[id].map { "[\(id)] protocol/\($0.page)" } ?? "[\(id)]"
    }

    private var unexpected: [String] {
        report.counts.passedUnexpectedly.map {
            "PASSED \($0)\n  It is listed as a known failure, and passes now: take it out of the list."
        }
    }

    private var nothing: [String] {
        report.counts.ran > 0 ? [] : ["NOTHING was run: the implementation lacks what each of the cases needs."]
    }

    private var counts: String {
        let counts = report.counts
        var lines = [
            "\(report.implementation): \(report.cases.count) cases, "
                + "\(counts.ran + counts.skipped) trials in "
                + "\(Summary.time(report.seconds)), seed \(report.seed)",
            "  passed \(counts.passed), failed \(counts.failed), known \(counts.known), skipped \(counts.skipped)",
        ]
        for (feature, count) in counts.lacking.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            lines.append("  skipped for lack of \(feature): \(count)")
        }
        return lines.joined(separator: "\n")
    }

    static func time(_ seconds: Double) -> String {
        guard seconds >= 60 else { return "\((seconds * 10).rounded() / 10) s" }
        let whole = Int(seconds)
        return "\(whole / 60) min \(whole % 60) s"
    }
}
