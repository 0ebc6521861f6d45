import OrbitedWire
import Synchronization

@testable import OrbitedCore

/// An application that watches, and takes its notices when it likes.
final class TestWatcher: NoticeSink {
    private let calls = Mutex(0)
    /// How often it was told that there are notices.
    var wakes: Int { calls.withLock { $0 } }

    func hasNotices() { calls.withLock { $0 += 1 } }
}

extension TestHouse {
    func watch(
        _ recipients: String..., wantsState: Bool = false, last: NoticePlace? = nil,
        by watcher: TestWatcher = TestWatcher()
    ) -> WatchStart {
        let request = WatchRequest(recipients: Recipients(recipients), wantsState: wantsState, last: last)
        return switchboard.watch(request, sink: watcher)
    }

    /// What a watch has had since it was last asked: `+1 u` for a sign-on, `-2 u expired` for a sign-off.
    func news(_ start: WatchStart) -> [String] {
        switchboard.takeNotices(of: start.id).notices.map { notice in
            switch notice.news {
            case .present: "=\(notice.sequence) \(notice.key.user)"
            case .signon: "+\(notice.sequence) \(notice.key.user)"
            case .signoff(let end): "-\(notice.sequence) \(notice.key.user) \(end.reason.rawValue)"
            }
        }
    }

    /// The ends of sessions that a watch has heard of since it was last asked.
    func signoffs(_ start: WatchStart) -> [Notice.Signoff] {
        switchboard.takeNotices(of: start.id).notices.compactMap {
            if case .signoff(let end) = $0.news { end } else { nil }
        }
    }
}
