import Logging
import NIOCore

/// Counts the callbacks that were lost, and tells the operator, but not of each one. [CBK-8] Confined to its loop.
final class CallbackLosses {
    private static let pause = TimeAmount.seconds(10)

    private let eventLoop: any EventLoop
    private let logger: Logger
    /// How many were lost since the server started, and how many of these the log knows.
    private var count = 0
    private var logged = 0
    private var timer: Scheduled<Void>?

    init(eventLoop: any EventLoop, logger: Logger) {
        self.eventLoop = eventLoop
        self.logger = logger
    }

    func add(_ lost: Int) {
        count += lost
        if timer == nil { log() }
    }

    private func log() {
        guard count > logged else { return }
        logger.error("callbacks were dropped", metadata: ["count": "\(count - logged)", "since the start": "\(count)"])
        logged = count
        timer = eventLoop.assumeIsolated().scheduleTask(in: Self.pause) {
            self.timer = nil
            self.log()
        }
    }

    /// Tells what was not told yet.
    func finish() {
        timer?.cancel()
        log()
        timer?.cancel()
    }
}
