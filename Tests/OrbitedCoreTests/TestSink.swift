import Synchronization

@testable import OrbitedCore

/// Takes reports and keeps every fate that was told.
final class TestSink: ReceiptSink {
    struct Fates: Sendable, Equatable {
        var reached = 0
        var unreached: [Unreached] = []
        var count: Int { reached + unreached.count }
    }

    private struct State {
        var fates: [UInt64: Fates] = [:]
        var reports: [UInt64: [Report]] = [:]
        var reportCount = 0
        var callCount = 0
    }

    private let state = Mutex(State())
    private let then: (@Sendable ([Report]) -> Void)?

    /// - Parameter then: what is done with reports after they were taken down.
    init(then: (@Sendable ([Report]) -> Void)? = nil) {
        self.then = then
    }

    func report(_ reports: [Report]) {
        state.withLock { state in
            state.callCount += 1
            state.reportCount += reports.count
            for report in reports {
                state.reports[report.number, default: []].append(report)
                state.fates[report.number, default: Fates()].reached += report.reached
                state.fates[report.number, default: Fates()].unreached += report.unreached
            }
        }
        then?(reports)
    }

    func note(_ unreached: [Unreached], of number: UInt64) {
        guard !unreached.isEmpty else { return }
        state.withLock { $0.fates[number, default: Fates()].unreached += unreached }
    }

    /// What is known of an event.
    subscript(number: UInt64) -> Fates { state.withLock { $0.fates[number] ?? Fates() } }

    /// All reports about an event, in order.
    func reports(of number: UInt64) -> [Report] { state.withLock { $0.reports[number] ?? [] } }

    /// How many reports came, and in how many calls.
    var counts: (reports: Int, calls: Int) { state.withLock { ($0.reportCount, $0.callCount) } }
}
