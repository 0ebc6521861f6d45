import Foundation
#if canImport(FoundationXML)
    import FoundationXML
#endif
import Testing

@testable import OrbitedConformance

@Suite("Reports")
struct ReportTests {
    /// Text that breaks whatever does not escape it.
    static let evil = "<&\"'>\u{0}\u{1B}]]>\r\n${x}</script>"

    private let report: Report = {
        var difference = Difference("the bytes differ \(evil)", expected: "a\(evil)", got: "b\(evil)")
        difference.step = 0
        let theCase = Case.example("case-\(evil)", requirements: ["CTL-1", "CTL-2"], isCut: true)
        let trials = theCase.trials
        var requirements = Requirements()
        requirements.read("- [CTL-1] A server MUST wait.\n- [CTL-3] A client MAY wait.\n", page: "control.md")
        let known = KnownFailures("gone")
        return Report(
            [
                TrialResult(trials[0], .failed(difference)), TrialResult(trials[1], .passed),
                TrialResult(trials[2], .skipped(lacking: ["ws"])),
            ], implementation: "x\(evil)", requirements: requirements, known: known,
            begun: Date(timeIntervalSince1970: 0), seed: 7, seconds: 61)
    }()

    @Test("JUnit is XML, whatever the texts hold, and counts what it holds")
    func junit() throws {
        let text = JUnit(report).text
        final class Counter: NSObject, XMLParserDelegate {
            var elements: [String: Int] = [:]
            func parser(
                _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
                attributes: [String: String]
            ) { elements[name, default: 0] += 1 }
        }
        let parser = XMLParser(data: Data(text.utf8))
        let counter = Counter()
        parser.delegate = counter
        #expect(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "")")
        #expect(counter.elements == ["testsuites": 1, "testsuite": 1, "testcase": 3, "failure": 1, "skipped": 1])
        #expect(text.contains("tests=\"3\" failures=\"1\""))
    }

    @Test("The page holds no text unescaped, and needs nothing from elsewhere")
    func page() {
        var requirements = Requirements()
        for requirement in report.requirements { requirements.add(requirement) }
        let html = Page([report], requirements: requirements, exemptions: ["CTL-3": "because \(Self.evil)"]).html
        #expect(!html.contains("<&"))
        #expect(html.components(separatedBy: "</script>").count == 2)
        #expect(html.firstRange(of: /(src|href)="(?!#)/) == nil)
        #expect(html.contains("because"))
        #expect(html.contains("data-outcome=\"failed\""))
        #expect(html.contains("data-outcome=\"exempt\""))
    }

    @Test("A report can be read again")
    func json() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try report.json().write(to: file)
        let again = try Report(reading: file.path)
        #expect(again.counts == report.counts)
        #expect(again.cases.map(\.id) == report.cases.map(\.id))
        #expect(again.cases.first?.outcome == "failed")
        try Data("{}".utf8).write(to: file)
        #expect(throws: UsageError.self) { try Report(reading: file.path) }
    }

    @Test("The summary tells what was expected and what came")
    func summary() {
        let text = Summary(report).text
        #expect(text.contains("step 1 of 1"))
        #expect(text.contains("A server MUST wait."))
        #expect(text.contains("[CTL-1] protocol/control.md"))
        #expect(text.contains("passed 1, failed 1, known 0, skipped 1"))
        #expect(text.contains("skipped for lack of ws: 1"))
        #expect(text.contains("1 min 1 s, seed 7"))
    }

    @Test("The summary says that nothing was run if all was skipped")
    func summaryOfNothing() {
        let skipped = TrialResult(Trial(Case.example("one")), .skipped(lacking: ["ws"]))
        let report = Report(
            [skipped], implementation: "x", requirements: Requirements(), known: KnownFailures(), begun: .now, seed: 0,
            seconds: 0)
        #expect(Summary(report).text.hasPrefix("NOTHING was run"))
    }

    @Test("A difference is shown where it begins")
    func comparison() {
        let lines = Comparison.lines(
            expected: String(repeating: "x", count: 100) + "a", got: String(repeating: "x", count: 100) + "b")
        #expect(lines[0].hasSuffix("xa"))
        #expect(lines[1].hasSuffix("xb"))
        #expect(lines[2].count - " here".count == lines[0].count)
        #expect(Comparison.lines(expected: "", got: "").isEmpty)
    }
}
