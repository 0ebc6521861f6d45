/// A report as JUnit XML, as CI systems read it: a suite for each file of cases, and a test for each trial.
package struct JUnit {
    private let report: Report

    package init(_ report: Report) { self.report = report }

    package var text: String {
        var files: [String] = []
        for entry in report.cases where !files.contains(entry.file) { files.append(entry.file) }
        let suites = files.map { file in suite(file, report.cases.filter { $0.file == file }) } + unexpected
        let all = report.counts.passed + report.counts.failed + report.counts.known + report.counts.skipped
        let failures = report.counts.failed + report.counts.passedUnexpectedly.count
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="\(Markup.escape(report.implementation))" \
            tests="\(all + report.counts.passedUnexpectedly.count)" failures="\(failures)" \
            skipped="\(report.counts.skipped + report.counts.known)" time="\(report.seconds)">
            \(suites.joined(separator: "\n"))
            </testsuites>

            """
    }

    private func suite(_ file: String, _ entries: [Report.Entry]) -> String {
        let tests = entries.flatMap { entry in entry.trials.map { test($0, of: entry) } }
        let outcomes = entries.flatMap(\.trials).map(\.outcome)
        let failed = outcomes.count { $0 == TrialResult.Verdict.failed.rawValue }
        let passed = outcomes.count { $0 == TrialResult.Verdict.passed.rawValue }
        return """
            <testsuite name="\(Markup.escape(file))" tests="\(outcomes.count)" failures="\(failed)" \
            skipped="\(outcomes.count - failed - passed)" errors="0">
            \(tests.joined(separator: "\n"))
            </testsuite>
            """
    }

    private func test(_ run: Report.Run, of entry: Report.Entry) -> String {
        let start = """
            <testcase classname="\(Markup.escape(entry.file))" name="\(Markup.escape(run.name))" time="\(run.seconds)"
            """
        switch TrialResult.Verdict(rawValue: run.outcome) {
        case .failed: return "\(start)>\(failure(run.failure, of: entry))</testcase>"
        case .known: return "\(start)><skipped message=\"known to fail\"/></testcase>"
        case .skipped:
            let lacking = (run.lacking ?? []).joined(separator: ", ")
            return "\(start)><skipped message=\"lacks \(Markup.escape(lacking))\"/></testcase>"
        case .passed, nil: return "\(start)/>"
        }
    }

    private func failure(_ failure: Report.Failure?, of entry: Report.Entry) -> String {
        guard let failure else { return "<failure/>" }
        var lines = [entry.description, entry.quote, entry.requirements.joined(separator: ", ")]
        if let step = failure.step { lines.append("step \(step): \(failure.stepText)") }
        lines += [failure.reason, "expected: \(failure.expected)", "got: \(failure.got)"]
        let text = lines.filter { !$0.isEmpty }.map(Markup.escape).joined(separator: "\n")
        return "<failure message=\"\(Markup.escape(failure.reason))\">\(text)</failure>"
    }

    /// A case that passes although it is listed as failing is a test that fails.
    private var unexpected: [String] {
        guard !report.counts.passedUnexpectedly.isEmpty else { return [] }
        let message = "It is listed as a known failure, and passes now: take it out of the list."
        let tests = report.counts.passedUnexpectedly.map {
            "<testcase classname=\"known failures\" name=\"\(Markup.escape($0))\">"
                + "<failure message=\"\(message)\"/></testcase>"
        }
        return [
            "<testsuite name=\"known failures\" tests=\"\(tests.count)\" failures=\"\(tests.count)\" skipped=\"0\" "
                + "errors=\"0\">\n\(tests.joined(separator: "\n"))\n</testsuite>"
        ]
    }
}
