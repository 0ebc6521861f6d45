import Testing

@testable import OrbitedConformance

@Suite("Known failures")
struct KnownFailuresTests {
    private let broken = Outcome.failed(Difference("it is broken"))

    private func results(_ list: String, _ outcomes: [(String, Outcome)]) -> (KnownFailures, [TrialResult]) {
        let known = KnownFailures(list)
        return (known, outcomes.map { TrialResult(Trial(Case.example($0.0)), $0.1, known: known) })
    }

    @Test("A listed trial that fails is known, and others are not")
    func known() {
        let (known, results) = results(
            "# old faults\n\nold-* # mended some day\n", [("old-1", broken), ("new", broken)])
        #expect(results.map(\.verdict) == [.known, .failed])
        #expect(known.passed(among: results).isEmpty)
    }

    @Test("A listed case that passes is told, unless another of its trials fails")
    func passed() {
        let (known, results) = results("old-1\nold-2\n", [("old-1", .passed), ("old-2", .passed), ("old-2", broken)])
        #expect(known.passed(among: results) == ["old-1"])
    }

    @Test("A listed case that is skipped says nothing")
    func skipped() {
        let (known, results) = results("old\n", [("old", .skipped(lacking: ["ws"]))])
        #expect(known.passed(among: results).isEmpty)
    }

    @Test("A line that no case has is found")
    func unknown() {
        let known = KnownFailures("old\ngone\nold[cut=1]\n")
        #expect(known.unknown(among: [Case.example("old", isCut: true)]) == ["gone"])
    }

    @Test(
        "A run fails if something fails, or passes though it is listed, or if all is skipped",
        arguments: [
            ("", Outcome.passed, OrbitedConformance.ExitStatus.passed), ("", .failed(Difference("no")), .failed),
            ("one", .failed(Difference("no")), .passed), ("one", .passed, .failed),
            ("", .skipped(lacking: ["ws"]), .failed),
        ])
    func status(_ list: String, _ outcome: Outcome, _ status: OrbitedConformance.ExitStatus) {
        let (known, results) = results(list, [("one", outcome)])
        let report = Report(
            results, implementation: "x", requirements: Requirements(), known: known, begun: .now, seed: 0, seconds: 0)
        #expect(report.status == status)
    }

    @Test("Errors have statuses of their own")
    func errors() {
        #expect(OrbitedConformance.ExitStatus(of: UsageError("no such file")) == .usage)
        #expect(OrbitedConformance.ExitStatus(of: UnreachableError("nobody there")) == .unreachable)
        #expect([OrbitedConformance.ExitStatus.passed, .failed, .usage, .unreachable].map(\.rawValue) == [0, 1, 2, 3])
    }
}
