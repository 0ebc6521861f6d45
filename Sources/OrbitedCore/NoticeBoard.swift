import DequeModule
import OrbitedWire

/// Hears that there are notices to be taken; called on any thread.
public protocol NoticeSink: AnyObject, Sendable {
    /// A watch whose notices had all been taken has some again, or the last session has ended.
    func hasNotices()
}

/// A watch, as the switchboard knows it.
public struct WatchID: Hashable, Sendable {
    let number: UInt64
}

/// How a watch begins.
public struct WatchStart: Sendable {
    /// The watch.
    public let id: WatchID
    /// The number of the last notice before those that it gets. [CTL-139]
    public let sequence: UInt64
    /// Whether it goes on where an earlier one ended; nil if that was not asked. [CTL-141]
    public internal(set) var isResumed: Bool?
    /// The keys that have a session, if they are to be told. [CTL-140]
    public internal(set) var present: [ConnectionKey]?
}

/// All notices, and who is to get which. [CTL-136]
struct NoticeBoard {
    private struct Watch {
        let recipients: Recipients
        let sink: any NoticeSink
        var box: [Notice]
        var hasOverflowed = false
    }

    /// The number of the last notice.
    private(set) var sequence: UInt64 = 0
    /// The last notices, for those who come back. [CTL-142]
    private var log: Deque<Notice> = []
    private var watches: [UInt64: Watch] = [:]
    private var lastWatch: UInt64 = 0

    /// Who watches.
    var sinks: [any NoticeSink] { watches.values.map(\.sink) }

    /// Takes note of something; answers who is to be told that there are notices.
    mutating func post(_ news: Notice.News, _ key: ConnectionKey) -> [any NoticeSink] {
        sequence += 1
        let notice = Notice(sequence: sequence, key: key, news: news)
        log.append(notice)
        if log.count > ControlLimits.notices { log.removeFirst() }
        guard !watches.isEmpty else { return [] }
        var woken: [any NoticeSink] = []
        for (number, watch) in watches where !watch.hasOverflowed && watch.recipients.contains(key) {
            if watch.box.isEmpty { woken.append(watch.sink) }
            if watch.box.count < ControlLimits.notices {
                watches[number]?.box.append(notice)
            } else {
                watches[number]?.hasOverflowed = true
            }
        }
        return woken
    }

    /// The notices after that number; nil if some of them are not known any more, or if there never was that one.
    func after(_ number: UInt64) -> [Notice]? {
        guard number <= sequence, sequence - number <= log.count else { return nil }
        return Array(log.suffix(Int(sequence - number)))
    }

    /// Begins a watch, with those of the missed notices that are for it.
    mutating func watch(_ recipients: Recipients, missed: [Notice]?, sink: any NoticeSink) -> WatchStart {
        lastWatch += 1
        let box = missed?.filter { recipients.contains($0.key) } ?? []
        watches[lastWatch] = Watch(recipients: recipients, sink: sink, box: box)
        return WatchStart(id: WatchID(number: lastWatch), sequence: sequence - UInt64(missed?.count ?? 0))
    }

    mutating func take(of watch: WatchID) -> (notices: [Notice], hasOverflowed: Bool) {
        guard let found = watches[watch.number] else { return ([], false) }
        watches[watch.number]?.box = []
        return (found.box, found.hasOverflowed)
    }

    mutating func unwatch(_ watch: WatchID) { watches[watch.number] = nil }
}
