import DequeModule
import OrbitedWire
import Synchronization

/// The notices of one watch, between the connection's loop and whoever reads them.
final class NoticeBuffer: Sendable {
    typealias Turn = CheckedContinuation<Result<WatchNotice?, OrbitedError>, Never>
    typealias Ready = CheckedContinuation<Result<WatchStart, OrbitedError>, Never>

    private struct State {
        /// Each with the place from which one can go on when it is read.
        var notices: Deque<(notice: WatchNotice, place: NoticePlace?)> = []
        /// How many bytes they have.
        var bytes = 0
        /// Who waits for the next notices, in their order.
        var turns: [(id: Int, turn: Turn)] = []
        /// The last id of those who wait.
        var lastID = 0
        var isOver = false
        /// What is still to be thrown, once.
        var error: OrbitedError?
        /// How many notices `present` are to come.
        var presentComing = 0
        /// Where one can go on after what was read.
        var place: NoticePlace?
        var start: Result<WatchStart, OrbitedError>?
        var readies: [(id: Int, ready: Ready)] = []

        mutating func nextID() -> Int {
            lastID += 1
            return lastID
        }

        /// One can't go on amid a state. [CTL-156]
        func place(after place: NoticePlace) -> NoticePlace? { presentComing > 0 ? nil : place }

        mutating func popFirst() -> WatchNotice? {
            guard let first = notices.popFirst() else { return nil }
            bytes -= first.notice.byteCount
            place = first.place
            return first.notice
        }
    }

    /// How many notices may wait to be read, and how many bytes they may have.
    private let limit: Int
    private let byteLimit: Int
    private let state: Mutex<State>

    /// - Parameter place: where the watch goes on.
    init(limit: Int, byteLimit: Int = ControlLimits.noticeBytes, since place: NoticePlace? = nil) {
        self.limit = limit
        self.byteLimit = byteLimit
        state = Mutex(State(place: place))
    }

    /// Where another watch can go on after what was read; nil: nowhere, since a state was begun and not read to its end,
    /// or the watch has not begun.
    var place: NoticePlace? { state.withLock { $0.place } }

    // MARK: The connection's side

    func begin(_ start: WatchStart) {
        let readies = state.withLock { state -> [Ready] in
            state.presentComing = start.present
            if state.start == nil {
                state.start = .success(start)
                state.place = state.place ?? state.place(after: start.place)
            }
            defer { state.readies = [] }
            return state.readies.map(\.ready)
        }
        for ready in readies { ready.resume(returning: .success(start)) }
    }

    /// Takes a notice; false: too many wait, and the watch is over.
    func take(_ notice: WatchNotice) -> Bool {
        enum Next { case over, kept, full, read(Turn, WatchNotice) }
        let next = state.withLock { state -> Next in
            guard !state.isOver else { return .over }
            if notice.isPresent { state.presentComing -= 1 }
            let place = state.place(after: notice.place)
            guard state.turns.isEmpty else {
                state.place = place
                return .read(state.turns.removeFirst().turn, notice)
            }
            guard state.notices.count < limit, state.bytes + notice.byteCount <= byteLimit else { return .full }
            state.notices.append((notice, place))
            state.bytes += notice.byteCount
            return .kept
        }
        switch next {
        case .over: return false
        case .kept: return true
        case .read(let turn, let notice):
            turn.resume(returning: .success(notice))
            return true
        case .full:
            let message = "\(limit) notices of the watch, or \(byteLimit) bytes of them, wait to be read"
            end(OrbitedError(.noticesOverflow, message))
            return false
        }
    }

    /// No notice comes any more; those that are here can still be read.
    func end(_ error: OrbitedError?) {
        let (turns, readies) = state.withLock { state -> ([Turn], [Ready]) in
            guard !state.isOver else { return ([], []) }
            state.isOver = true
            if state.turns.isEmpty { state.error = error }
            if state.start == nil { state.start = .failure(error ?? .ended) }
            defer { (state.turns, state.readies) = ([], []) }
            return (state.turns.map(\.turn), state.readies.map(\.ready))
        }
        for (index, turn) in turns.enumerated() {
            turn.resume(returning: index == 0 ? error.map { .failure($0) } ?? .success(nil) : .success(nil))
        }
        for ready in readies { ready.resume(returning: .failure(error ?? .ended)) }
    }

    // MARK: The reader's side

    /// Nothing is read any more.
    func discard() {
        end(nil)
        state.withLock { state in
            state.notices = []
            state.bytes = 0
            state.error = nil
        }
    }

    /// The next notice; nil at the end, and if the task is cancelled.
    nonisolated(nonsending) func next() async throws(OrbitedError) -> WatchNotice? {
        let id = state.withLock { $0.nextID() }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (turn: Turn) in
                let result = state.withLock { state -> Result<WatchNotice?, OrbitedError>? in
                    if let notice = state.popFirst() { return .success(notice) }
                    if let error = state.error {
                        state.error = nil
                        return .failure(error)
                    }
                    guard !state.isOver, !Task.isCancelled else { return .success(nil) }
                    state.turns.append((id, turn))
                    return nil
                }
                if let result { turn.resume(returning: result) }
            }
        } onCancel: {
            let turn = state.withLock { state -> Turn? in
                guard let place = state.turns.firstIndex(where: { $0.id == id }) else { return nil }
                return state.turns.remove(at: place).turn
            }
            turn?.resume(returning: .success(nil))
        }
        return try result.get()
    }

    /// What the server said as the watch began.
    nonisolated(nonsending) func ready() async throws(OrbitedError) -> WatchStart {
        let id = state.withLock { $0.nextID() }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (ready: Ready) in
                let start = state.withLock { state -> Result<WatchStart, OrbitedError>? in
                    if let start = state.start { return start }
                    guard !Task.isCancelled else { return .failure(.cancelled) }
                    state.readies.append((id, ready))
                    return nil
                }
                if let start { ready.resume(returning: start) }
            }
        } onCancel: {
            let ready = state.withLock { state -> Ready? in
                guard let place = state.readies.firstIndex(where: { $0.id == id }) else { return nil }
                return state.readies.remove(at: place).ready
            }
            ready?.resume(returning: .failure(.cancelled))
        }
        return try result.get()
    }
}

extension OrbitedError {
    fileprivate static var ended: OrbitedError {
        OrbitedError(.disconnected, "the watch was ended before it had begun")
    }

    fileprivate static var cancelled: OrbitedError { OrbitedError(.cancelled, "the task was cancelled") }
}
