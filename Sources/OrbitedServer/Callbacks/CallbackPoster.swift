import Glibc
import Logging
import NIOCore
import NIOSSL
import OrbitedCore
import OrbitedWire

/// Posts callbacks, in a few lanes, each with a connection of its own. Confined to its loop.
final class CallbackPoster {
    private let eventLoop: any EventLoop
    private let configuration: Configuration.Callbacks
    private let key: CallbackKey?
    private let logger: Logger
    private let switchboard: Switchboard
    private let epoch: String
    private var watch: WatchID?
    private var sequence: UInt64 = 0
    private var lanes: [CallbackLane]
    private var connections: [CallbackConnection]
    private var timers: [Scheduled<Void>?]
    private var count = 0
    private var bytes = 0
    /// How many were lost since the server started, and how many of these the log knows. [CBK-8]
    private var dropped = 0
    private var loggedDropped = 0
    private var logTimer: Scheduled<Void>?
    private var finished: EventLoopPromise<Void>?

    init(
        eventLoop: any EventLoop, switchboard: Switchboard, configuration: Configuration.Callbacks, tls: NIOSSLContext?,
        logger: Logger
    ) {
        self.eventLoop = eventLoop
        self.configuration = configuration
        self.key = configuration.key
        self.logger = logger
        self.switchboard = switchboard
        self.epoch = switchboard.epochText
        lanes = (0..<configuration.connections).map { _ in
            CallbackLane(patience: TimeAmount(configuration.patience))
        }
        connections = lanes.map { _ in
            CallbackConnection(eventLoop: eventLoop, timeout: TimeAmount(configuration.timeout), tls: tls)
        }
        timers = lanes.map { _ in nil }
    }

    // MARK: What there is to tell

    /// Begins to hear of sign-ons and sign-offs, if the application wants them.
    func begin(_ sink: any NoticeSink) {
        guard configuration.signon != nil || configuration.signoff != nil else { return }
        let request = WatchRequest(recipients: Recipients(patterns: [.everything]), wantsState: false, last: nil)
        let start = switchboard.watch(request, sink: sink)
        watch = start.id
        sequence = start.sequence
    }

    /// Takes the notices that wait.
    func takeNotices(sink: any NoticeSink) {
        guard let watch else { return }
        let (notices, hasOverflowed) = switchboard.takeNotices(of: watch)
        for notice in notices {
            sequence = notice.sequence
            add(.notice(notice))
        }
        guard hasOverflowed else { return }
        switchboard.unwatch(watch)
        let known = sequence
        begin(sink)
        lose(Int(sequence - known), lane: 0)
    }

    func take(_ failures: [EventFailure], dropped: Int) {
        for failure in failures { add(.failure(failure)) }
        if dropped > 0 { lose(dropped, lane: 0) }
    }

    private func add(_ callback: Callback) {
        guard configuration.url(of: callback.kind) != nil else { return }
        let lane = callback.key.hashValue & Int.max % lanes.count
        guard count < configuration.maxWaiting, bytes + callback.size <= configuration.maxWaitingBytes else {
            return lose(1, lane: lane)
        }
        count += 1
        bytes += callback.size
        lanes[lane].add(callback)
        advance(lane)
    }

    // MARK: Posting

    private func advance(_ lane: Int) {
        while true {
            switch lanes[lane].next(now: .now()) {
            case .none: return succeedIfEmpty()
            case .post(let batch): return post(batch, lane: lane)
            case .wait(let time):
                timers[lane]?.cancel()
                timers[lane] = eventLoop.assumeIsolated().scheduleTask(deadline: time) { self.advance(lane) }
                return
            case .giveUp(let batch):
                free(batch.callbacks)
                note(dropped: batch.callbacks.count)
            }
        }
    }

    private func post(_ batch: CallbackLane.Batch, lane: Int, isSecondTry: Bool = false) {
        guard let url = configuration.url(of: batch.kind) else { return }
        let id = "\(epoch)-\(lane)-\(batch.number)"
        let request = CallbackRequest(
            batch, to: url, epoch: epoch, id: id, time: Glibc.time(nil), key: key)
        connections[lane].post(request).assumeIsolated().whenComplete { result in
            if case .failure(let error as CallbackConnection.Failure) = result, error.isStale, !isSecondTry {
                return self.post(batch, lane: lane, isSecondTry: true)
            }
            self.answered(result, url: url, lane: lane)
        }
    }

    private func answered(_ result: Result<Void, any Error>, url: CallbackURL, lane: Int) {
        var isTaken = true
        if case .failure(let error) = result {
            isTaken = false
            logger.warning("a callback was not taken", metadata: ["url": "\(url)", "reason": "\(error)"])
        }
        free(lanes[lane].answered(isTaken: isTaken, now: .now(), random: .random(in: 0..<1)))
        advance(lane)
    }

    private func free(_ callbacks: [Callback]) {
        count -= callbacks.count
        bytes -= callbacks.reduce(0) { $0 + $1.size }
    }

    // MARK: Losses

    private func lose(_ count: Int, lane: Int) {
        lanes[lane].drop(count)
        note(dropped: count)
    }

    /// Tells the operator, but not of each one.
    private func note(dropped count: Int) {
        dropped += count
        guard logTimer == nil else { return }
        logDropped()
        logTimer = eventLoop.assumeIsolated().scheduleTask(in: .seconds(10)) {
            self.logTimer = nil
            if self.dropped > self.loggedDropped { self.note(dropped: 0) }
        }
    }

    private func logDropped() {
        logger.error(
            "callbacks were dropped",
            metadata: ["count": "\(dropped - loggedDropped)", "since the start": "\(dropped)"])
        loggedDropped = dropped
    }

    // MARK: The end

    /// Posts what is left, and waits no longer than so; what is left then is dropped. [CBK-9]
    func finish(within time: TimeAmount) -> EventLoopFuture<Void> {
        let promise = eventLoop.makePromise(of: Void.self)
        finished = promise
        for lane in lanes.indices {
            lanes[lane].hurry(now: .now())
            advance(lane)
        }
        let deadline = eventLoop.assumeIsolated().scheduleTask(in: time) { self.giveUp() }
        promise.futureResult.whenComplete { _ in deadline.cancel() }
        succeedIfEmpty()
        return promise.futureResult
    }

    private func giveUp() {
        dropped += count
        count = 0
        bytes = 0
        finished?.succeed()
        finished = nil
    }

    private func succeedIfEmpty() {
        guard let finished, lanes.allSatisfy(\.isEmpty) else { return }
        self.finished = nil
        finished.succeed()
    }

    /// Closes everything, and says what was lost in the end.
    func close() {
        for timer in timers { timer?.cancel() }
        logTimer?.cancel()
        for connection in connections { connection.close() }
        if dropped > loggedDropped { logDropped() }
    }
}
