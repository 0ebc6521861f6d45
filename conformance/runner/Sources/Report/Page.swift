/// Reports as one page of HTML, which needs nothing else: a matrix of requirements and cases, and a section a case.
package struct Page {
    private let reports: [Report]
    private let requirements: Requirements
    /// Why requirements have no cases, by their ids.
    private let exemptions: [String: String]
    private let title: String
    private let cases: [PageCase]

    package init(_ reports: [Report], requirements: Requirements, exemptions: [String: String]) {
        self.reports = reports
        self.requirements = requirements
        self.exemptions = exemptions
        title = "Conformance: \(reports.map(\.implementation).joined(separator: ", "))"
        cases = PageCase.merge(reports)
    }

    package var html: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
        script-src 'unsafe-inline'">
        <title>\(Markup.escape(title))</title>
        <style>\(Self.style)</style>
        </head>
        <body>
        <h1>\(Markup.escape(title))</h1>
        \(head)
        \(filters)
        \(matrix)
        <h2>Cases</h2>
        \(cases.map { section($0) }.joined(separator: "\n"))
        <script>\(Self.script)</script>
        </body>
        </html>

        """
    }

    // MARK: - The head

    private var head: String {
        let rows = reports.map { report in
            let counts = report.counts
            return """
                <tr><th scope="row">\(Markup.escape(report.implementation))</th><td>\(Markup.escape(report.kind))</td>\
                <td>\(Markup.escape(report.date))</td><td class="passed">\(counts.passed)</td>\
                <td class="failed">\(counts.failed + counts.passedUnexpectedly.count)</td>\
                <td class="known">\(counts.known)</td><td class="skipped">\(counts.skipped)</td>\
                <td>\(Summary.time(report.seconds))</td><td>\(report.seed)</td></tr>
                """
        }
        return """
            <table>
            <thead><tr><th>implementation</th><th>cases of</th><th>date</th><th>passed</th><th>failed</th>\
            <th>known</th><th>skipped</th><th>time</th><th>seed</th></tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody>
            </table>
            """
    }

    private var filters: String {
        let pages = Set(requirements.all.values.map(\.page)).sorted()
        let levels = Case.Level.allCases.map(\.rawValue)
        return """
            <form>
            <input id="text" type="search" placeholder="text" aria-label="text">
            \(choice("page", pages))
            \(choice("level", levels))
            \(choice("outcome", TrialResult.Verdict.allCases.map(\.rawValue) + ["none", "exempt", "open"]))
            <output id="shown"></output>
            </form>
            """
    }

    private func choice(_ name: String, _ values: [String]) -> String {
        let options = values.map { "<option>\(Markup.escape($0))</option>" }.joined()
        return
            "<select id=\"\(name)\" aria-label=\"\(name)\"><option value=\"\">any \(name)</option>\(options)</select>"
    }

    // MARK: - The matrix

    private var matrix: String {
        var proofs: [String: [PageCase]] = [:]
        for one in cases {
            for id in one.entry.requirements { proofs[id, default: []].append(one) }
        }
        let unknown = proofs.keys.filter { requirements[$0] == nil }
            .map { Requirements.Requirement(id: $0, page: "", text: "") }.sorted { $0.id < $1.id }
        let all = (requirements.sorted + unknown).flatMap { rows(of: $0, proofs[$0.id] ?? []) }
        return """
            <h2>Requirements</h2>
            <table id="matrix">
            <thead><tr><th>requirement</th><th>level</th><th>case</th>\
            \(reports.map { "<th>\(Markup.escape($0.implementation))</th>" }.joined())</tr></thead>
            <tbody>
            \(all.joined(separator: "\n"))
            </tbody>
            </table>
            """
    }

    private func rows(of requirement: Requirements.Requirement, _ proofs: [PageCase]) -> [String] {
        guard !proofs.isEmpty else { return [emptyRow(of: requirement)] }
        return proofs.map { one in
            let cells = one.entries.map { entry in
                entry.map { cell($0.outcome) } ?? "<td class=\"none\">none</td>"
            }
            let outcomes = one.entries.map { $0?.outcome ?? "none" }
            return row(
                requirement, outcomes: outcomes,
                "<td><a href=\"#\(anchor(one))\">\(Markup.escape(one.entry.id))</a></td>\(cells.joined())")
        }
    }

    private func emptyRow(of requirement: Requirements.Requirement) -> String {
        let reason = exemptions[requirement.id]
        let text = reason ?? "no case"
        let outcome = reason == nil ? "open" : "exempt"
        return row(
            requirement, outcomes: [outcome],
            "<td colspan=\"\(reports.count + 1)\" class=\"\(outcome)\">\(Markup.escape(text))</td>")
    }

    private func row(_ requirement: Requirements.Requirement, outcomes: [String], _ cells: String) -> String {
        let level = requirement.level?.rawValue ?? ""
        return """
            <tr data-page="\(Markup.escape(requirement.page))" data-level="\(level)" \
            data-outcome="\(Markup.escape(Set(outcomes).sorted().joined(separator: " ")))">\
            <th scope="row" title="\(Markup.escape(requirement.text))">\(Markup.escape(requirement.id))</th>\
            <td>\(level)</td>\(cells)</tr>
            """
    }

    private func cell(_ outcome: String) -> String {
        "<td class=\"\(Markup.escape(outcome))\">\(Markup.escape(outcome))</td>"
    }

    private func anchor(_ one: PageCase) -> String { "case-\(Markup.escape(one.entry.id))" }

    // MARK: - The sections

    private func section(_ one: PageCase) -> String {
        let entry = one.entry
        let proven = entry.requirements.map { id in
            let text = requirements[id].map { "protocol/\($0.page): \($0.text)" } ?? ""
            return "<dt>\(Markup.escape(id))</dt><dd>\(Markup.escape(text))</dd>"
        }
        let steps = entry.steps.map { "<li><code>\(Markup.escape($0))</code></li>" }
        let settings = entry.settings.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }
        let notes =
            (entry.features.isEmpty ? [] : ["Features: \(entry.features.joined(separator: ", "))."])
            + (settings.isEmpty ? [] : ["Settings: \(settings.joined(separator: ", "))."])
        let outcomes = zip(reports, one.entries).compactMap { report, entry in entry.map { outcome($0, of: report) } }
        return """
            <details id="\(anchor(one))">
            <summary>\(Markup.escape(entry.id)) \(badges(one))</summary>
            <p>\(Markup.escape(entry.description)) \(Markup.escape(notes.joined(separator: " ")))</p>
            <blockquote>\(Markup.escape(entry.quote))</blockquote>
            <dl>\(proven.joined())</dl>
            <ol>\(steps.joined())</ol>
            \(outcomes.joined(separator: "\n"))
            </details>
            """
    }

    private func badges(_ one: PageCase) -> String {
        one.entries.compactMap { $0?.outcome }.map {
            "<span class=\"\(Markup.escape($0))\">\(Markup.escape($0))</span>"
        }.joined(separator: " ")
    }

    private func outcome(_ entry: Report.Entry, of report: Report) -> String {
        let failures = entry.trials.compactMap { run in run.failure.map { failure($0, of: run) } }
        let lacking = Set(entry.trials.flatMap { $0.lacking ?? [] }).sorted()
        let counts = TrialResult.Verdict.allCases.compactMap { verdict in
            let count = entry.trials.count { $0.outcome == verdict.rawValue }
            return count == 0 ? nil : "\(count) \(verdict.rawValue)"
        }
        let lack = lacking.isEmpty ? "" : "; lacks \(lacking.joined(separator: ", "))"
        return """
            <h4>\(Markup.escape(report.implementation)): \(counts.joined(separator: ", "))\(Markup.escape(lack))</h4>
            \(failures.joined(separator: "\n"))
            """
    }

    private func failure(_ failure: Report.Failure, of run: Report.Run) -> String {
        let step = failure.step.map { "Step \($0): \(failure.stepText)" } ?? ""
        return """
            <p class="failed">\(Markup.escape(run.name)): \(Markup.escape(failure.reason))</p>
            <p><code>\(Markup.escape(step))</code></p>
            <pre>\(Markup.escape(pair(failure)))</pre>
            """
    }

    private func pair(_ failure: Report.Failure) -> String {
        guard !failure.expected.isEmpty || !failure.got.isEmpty else { return "" }
        return "expected: \(failure.expected)\ngot:      \(failure.got)"
    }
}

/// A case with what each of several reports has of it.
private struct PageCase {
    /// As the first report that has it tells it.
    let entry: Report.Entry
    /// One for each report.
    let entries: [Report.Entry?]

    static func merge(_ reports: [Report]) -> [PageCase] {
        let byID = reports.map { report in
            Dictionary(report.cases.map { ($0.id, $0) }) { first, _ in first }
        }
        var seen: Set<String> = []
        return reports.flatMap(\.cases).filter { seen.insert($0.id).inserted }.map { entry in
            PageCase(entry: entry, entries: byID.map { $0[entry.id] })
        }
    }
}
