import OrbitedWire
import Synchronization

/// Knows on which shard each session lives, and holds the mail of the shards.
///
/// One lock guards both, so that the order in which mail is laid into a box agrees with what the directory said at
/// that moment. That is what keeps two events of one control connection in order while a session moves. [CTL-52]
public final class Switchboard: Sendable {
    private struct Entry {
        // In this order it takes 24 bytes.
        /// The last event that was sent here: a recipient named twice counts once. [CTL-26]
        var lastEvent: UInt64 = 0
        var place: Place
        /// Whether an application has closed the session, which ends as soon as its shard hears of it. [CTL-150]
        var isClosing = false
    }

    private struct State {
        var directory: [ConnectionKey: Entry] = [:]
        var boxes: [[Mail]]
        var events: UInt64 = 0
        var notices: NoticeBoard

        /// Lays mail into a shard's box; answers whether that was empty, so that the shard is to be woken.
        mutating func lay(_ mail: Mail, for shard: Int) -> Bool {
            let wasEmpty = boxes[shard].isEmpty
            boxes[shard].append(mail)
            return wasEmpty
        }
    }

    /// Tells the cursors of this switchboard from those of any other. [BRW-94]
    public let epoch: UInt64
    /// Who hears of all that callbacks can tell, if anybody does.
    let callbacks: (any CallbackSink)?
    private let state: Mutex<State>
    private let wake: @Sendable (_ shard: Int) -> Void

    /// Creates a switchboard.
    ///
    /// - Parameters:
    ///   - shards: how many shards there are.
    ///   - epoch: what is in all cursors; random, so that no cursor of another process is taken for one of this.
    ///   - callbacks: hears of all notices and of every recipient that an event did not reach. Default: nobody.
    ///   - wake: called, on any thread, when a shard whose box was empty has mail: it must ``Shard/drain(now:)`` soon.
    public init(
        shards: Int, epoch: UInt64, callbacks: (any CallbackSink)? = nil,
        wake: @escaping @Sendable (_ shard: Int) -> Void
    ) {
        self.callbacks = callbacks
        self.epoch = Cursor(epoch: epoch, serial: 0).epoch
        let boxes: [[Mail]] = Array(repeating: [], count: shards)
        self.state = Mutex(State(boxes: boxes, notices: NoticeBoard(callbacks: callbacks)))
        self.wake = wake
    }

    /// How many sessions there are.
    public var sessionCount: Int { state.withLock { $0.directory.count } }

    /// Sends an event to the shards that hold its recipients: one piece of mail a shard.
    ///
    /// - Parameter caller: the shard on whose loop this is called, if any; it is not woken, and drains by itself.
    public func publish(_ event: Event, caller: Int?) -> Routing {
        var routing = Routing()
        let woken = state.withLock { state in
            state.events += 1
            // Under the lock, so that serials grow in each box as they do here.
            event.assign(serial: state.events)
            if event.patterns.isEmpty, event.recipients.count == 1 {
                return sendToOne(event, caller: caller, &routing, in: &state)
            }
            let (targets, absent) = Self.look(up: event, in: &state)
            var woken: [Int] = []
            let isForAll = !event.patterns.isEmpty
            for (shard, list) in targets.enumerated() where isForAll || !list.isEmpty {
                routing.sent += list.count + (isForAll ? 1 : 0)
                if state.lay(.deliveries(event, list), for: shard), shard != caller { woken.append(shard) }
            }
            routing.unreached = absent
            // Under the lock, so that it comes between the sign-off before it and the sign-on after it.
            for fate in absent { tell(fate, of: event) }
            return woken
        }
        for shard in woken { wake(shard) }
        return routing
    }

    /// The most common event by far: no lists are made for it. Answers whom to wake.
    private func sendToOne(
        _ event: Event, caller: Int?, _ routing: inout Routing, in state: inout State
    ) -> [Int] {
        guard let place = state.directory[event.recipients[0]]?.place else {
            let fate = Unreached(recipient: 0, reason: .unreachable)
            routing.unreached = [fate]
            tell(fate, of: event)
            return []
        }
        routing.sent = 1
        let isFirst = state.lay(.delivery(event, Target(slot: place.slot, recipient: 0)), for: place.shard)
        return isFirst && place.shard != caller ? [place.shard] : []
    }

    private func tell(_ fate: Unreached, of event: Event) {
        callbacks?.failed(
            EventFailure(event: event.id, key: event.recipients[Int(fate.recipient)], reason: fate.reason))
    }

    private static func look(up event: Event, in state: inout State) -> ([[Target]], [Unreached]) {
        var targets = Array(repeating: [Target](), count: state.boxes.count)
        var absent: [Unreached] = []
        var absentKeys: Set<ConnectionKey> = []
        for (index, key) in event.recipients.enumerated() {
            let recipient = UInt32(index)
            if let found = state.directory.index(forKey: key) {
                guard state.directory.values[found].lastEvent != state.events else { continue }
                state.directory.values[found].lastEvent = state.events
                let place = state.directory.values[found].place
                targets[place.shard].append(Target(slot: place.slot, recipient: recipient))
            } else if absentKeys.insert(key).inserted {
                absent.append(Unreached(recipient: recipient, reason: .unreachable))
            }
        }
        return (targets, absent)
    }

    /// Lays mail into another shard's box.
    func post(_ mail: Mail, to shard: Int) {
        _ = post { _ in (shard, mail) }
    }

    /// The place where the key's session lives, if it is on that shard.
    func slot(of key: ConnectionKey, on shard: Int) -> Slot? {
        state.withLock { state in
            guard let place = state.directory[key]?.place, place.shard == shard else { return nil }
            return place.slot
        }
    }

    /// Enters the key at a new place; if it lived elsewhere, its former shard is told to hand over.
    ///
    /// - Returns: whether the session comes from another shard, so that what it has there is to arrive; and the last
    ///   event that was published before.
    func claim(_ key: ConnectionKey, for place: Place, newcomer: Newcomer) -> (isMoving: Bool, birth: UInt64) {
        var birth: UInt64 = 0
        var readers: [any NoticeSink] = []
        let isMoving = post { state in
            birth = state.events
            let former = state.directory.updateValue(Entry(place: place), forKey: key)?.place
            if former == nil { readers = state.notices.post(.signon, key) }
            return former.map { ($0.shard, .surrender($0.slot, to: place, newcomer: newcomer)) }
        }
        for reader in readers { reader.hasNotices() }
        return (isMoving, birth)
    }

    /// Tells the session of the key, if there is one, that its browser has all events up to the cursor. [BRW-101]
    public func acknowledge(_ cursor: Cursor, of key: ConnectionKey) {
        guard cursor.epoch == epoch else { return }
        _ = post { state in
            state.directory[key].map { ($0.place.shard, .acknowledgement($0.place.slot, serial: cursor.serial)) }
        }
    }

    /// Takes the key out of the directory if it still lives there. If it lives elsewhere already, the session that was
    /// to move there has ended before, and the one there is a new one.
    func release(_ key: ConnectionKey, from place: Place, _ signoff: Notice.Signoff) {
        let readers: [any NoticeSink] = state.withLock { state in
            guard let current = state.directory[key]?.place else { return [] }
            if current == place {
                state.directory[key] = nil
                let woken = state.notices.post(.signoff(signoff), key)
                return state.directory.isEmpty ? state.notices.sinks : woken
            }
            guard signoff.reason != .shutdown else { return [] }
            return state.notices.post(.signoff(signoff), key) + state.notices.post(.signon, key)
        }
        for reader in readers { reader.hasNotices() }
    }

    /// Exchanges a shard's box for an empty one.
    func takeMail(of shard: Int, for box: inout [Mail]) {
        assert(box.isEmpty)
        state.withLock { swap(&box, &$0.boxes[shard]) }
    }

    /// Decides under the lock on a piece of mail, lays it into its box, and wakes that shard. Answers whether there
    /// was any.
    private func post(_ decide: (inout State) -> (shard: Int, mail: Mail)?) -> Bool {
        let (shard, wakes): (Int?, Bool) = state.withLock { state in
            guard let letter = decide(&state) else { return (nil, false) }
            return (letter.shard, state.lay(letter.mail, for: letter.shard))
        }
        guard let shard else { return false }
        if wakes { wake(shard) }
        return true
    }
}

/// What applications ask beside sending events.
extension Switchboard {
    /// Cursors and notices have one epoch.
    public var epochText: String { String(Cursor(epoch: epoch, serial: 0).description.prefix { $0 != "-" }) }

    /// Begins a watch. [CTL-137]
    public func watch(_ request: WatchRequest, sink: any NoticeSink) -> WatchStart {
        state.withLock { state in
            let missed = request.last.flatMap { last in
                last.epoch == epochText ? state.notices.after(last.sequence) : nil
            }
            var start = state.notices.watch(request.recipients, missed: missed, sink: sink)
            if request.last != nil { start.isResumed = missed != nil }
            if request.wantsState, missed == nil {
                start.present = Self.keys(request.recipients, in: state)
            }
            return start
        }
    }

    /// Takes the notices that wait for a watch.
    public func takeNotices(of watch: WatchID) -> (notices: [Notice], hasOverflowed: Bool) {
        state.withLock { $0.notices.take(of: watch) }
    }

    /// Ends a watch.
    public func unwatch(_ watch: WatchID) { state.withLock { $0.notices.unwatch(watch) } }

    /// The keys that have a session and that the recipients stand for. [CTL-148]
    public func keys(_ recipients: Recipients) -> [ConnectionKey] { state.withLock { Self.keys(recipients, in: $0) } }

    /// Ends the sessions that the recipients stand for; answers how many there are. [CTL-150]
    public func close(_ recipients: Recipients, reason: String) -> Int {
        let (count, woken) = state.withLock { state in
            let keys = Self.keys(recipients, in: state)
            var woken: Set<Int> = []
            for key in keys {
                guard let place = state.directory[key]?.place else { continue }
                state.directory[key]?.isClosing = true
                if state.lay(.closure(place.slot, reason: reason), for: place.shard) { woken.insert(place.shard) }
            }
            return (keys.count, woken)
        }
        for shard in woken { wake(shard) }
        return count
    }

    private static func keys(_ recipients: Recipients, in state: State) -> [ConnectionKey] {
        let named = Set(recipients.keys)
        guard !recipients.patterns.isEmpty else { return named.filter { state.directory[$0]?.isClosing == false } }
        return state.directory.compactMap { key, entry in
            guard !entry.isClosing else { return nil }
            return named.contains(key) || recipients.patterns.contains { $0.matches(key) } ? key : nil
        }
    }
}
