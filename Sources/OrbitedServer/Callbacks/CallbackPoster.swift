import Glibc
import Logging
import NIOCore
import NIOSSL

/// Posts callbacks, in a few lanes, each with a connection of its own. Confined to its loop.
final class CallbackPoster {
    private let eventLoop: any EventLoop
    private let epoch: String
    private let configuration: Configuration.Callbacks
    private let key: CallbackKey?
    private let logger: Logger
    private let free: ([Callback]) -> Void
    private let losses: CallbackLosses
    private var lanes: [CallbackLane]
    private var connections: [CallbackConnection]
    private var timers: [Scheduled<Void>?]
    private var finished: EventLoopPromise<Void>?

    /// - Parameters:
    ///   - epoch: the server's, by which its notices are told from those of another.
    ///   - tls: for URLs with `https`.
    ///   - free: told of callbacks that need no memory any more.
    init(
        eventLoop: any EventLoop, epoch: String, configuration: Configuration.Callbacks, tls: NIOSSLContext?,
        logger: Logger, free: @escaping ([Callback]) -> Void
    ) {
        self.eventLoop = eventLoop
        self.epoch = epoch
        self.configuration = configuration
        self.key = configuration.key
        self.logger = logger
        self.free = free
        losses = CallbackLosses(eventLoop: eventLoop, logger: logger)
        lanes = (0..<configuration.connections).map { _ in
            CallbackLane(patience: TimeAmount(configuration.patience))
        }
        connections = lanes.map { _ in
            CallbackConnection(eventLoop: eventLoop, timeout: TimeAmount(configuration.timeout), tls: tls)
        }
        timers = lanes.map { _ in nil }
    }

    /// Takes what is to be told, a piece of mail a lane.
    func take(_ mail: [CallbackBox.Mail]) {
        for (lane, letters) in mail.enumerated() {
            for callback in letters.callbacks { lanes[lane].add(callback) }
            lanes[lane].drop(letters.dropped)
            losses.add(letters.dropped)
            advance(lane)
        }
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
                losses.add(batch.callbacks.count)
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
        losses.add(lanes.reduce(0) { $0 + $1.count })
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
        for connection in connections { connection.close() }
        losses.finish()
    }
}
