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
        var bytes = 0
        var hasOverflowed = false

        /// Lets a notice wait if it is for this watch; answers whether it is the only one. [CTL-147]
        mutating func take(_ notice: Notice) -> Bool {
            guard !hasOverflowed, recipients.contains(notice.key) else { return false }
            bytes += notice.size
            guard box.count < ControlLimits.notices, bytes <= ControlLimits.noticeBytes else {
                hasOverflowed = true
                return false
            }
            box.append(notice)
            return box.count == 1
        }
    }

    /// Who hears of all of them at once, if anybody does.
    let callbacks: (any CallbackSink)?
    /// The number of the last notice.
    private(set) var sequence: UInt64 = 0
    /// The last notices, for those who come back. [CTL-142]
    private var log: Deque<Notice> = []
    private var logBytes = 0
    private var watches: [UInt64: Watch] = [:]
    private var lastWatch: UInt64 = 0

    init(callbacks: (any CallbackSink)? = nil) { self.callbacks = callbacks }

    /// Who watches.
    var sinks: [any NoticeSink] { watches.values.map(\.sink) }

    /// Takes note of something; answers who is to be told that there are notices.
    mutating func post(_ news: Notice.News, _ key: ConnectionKey) -> [any NoticeSink] {
        sequence += 1
        let notice = Notice(sequence: sequence, key: key, news: news)
        callbacks?.noticed(notice)
        log.append(notice)
        logBytes += notice.size
        while log.count > ControlLimits.notices || logBytes > ControlLimits.noticeBytes {
            logBytes -= log.removeFirst().size
        }
        var woken: [any NoticeSink] = []
        // In place: a loop over the watches would hold on to their boxes, so that each notice copies them.
        var index = watches.startIndex
        while index != watches.endIndex {
            if watches.values[index].take(notice) { woken.append(watches.values[index].sink) }
            watches.formIndex(after: &index)
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
        let bytes = box.reduce(0) { $0 + $1.size }
        watches[lastWatch] = Watch(recipients: recipients, sink: sink, box: box, bytes: bytes)
        return WatchStart(id: WatchID(number: lastWatch), sequence: sequence - UInt64(missed?.count ?? 0))
    }

    mutating func take(of watch: WatchID) -> (notices: [Notice], hasOverflowed: Bool) {
        guard let found = watches[watch.number] else { return ([], false) }
        watches[watch.number]?.box = []
        watches[watch.number]?.bytes = 0
        return (found.box, found.hasOverflowed)
    }

    mutating func unwatch(_ watch: WatchID) { watches[watch.number] = nil }
}
