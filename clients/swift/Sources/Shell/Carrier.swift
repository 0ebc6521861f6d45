import NIOCore

/// Carries a courier's bytes over connections, and tells it the time. Confined to its loop.
final class Carrier {
    let loop: any EventLoop
    let courier: Courier
    private let connector: Connector
    private var connection: Connection?
    private var timer: (at: Duration, task: Scheduled<Void>)?
    private var isPlanned = false

    init(_ options: ClientOptions, loop: any EventLoop) {
        self.loop = loop
        courier = Courier(options) { Double.random(in: 0..<1) }
        connector = Connector(options, loop: loop)
    }

    var now: Duration { .nanoseconds(NIODeadline.now().uptimeNanoseconds) }

    /// When something has to be over that may take so long; nil: for ever.
    func deadline(in timeout: Duration?) -> Duration { timeout.map { now + $0 } ?? .never }

    /// Does what the courier wants, once all that the loop has to do now is known: calls that come together go out
    /// together.
    func plan() {
        guard !isPlanned else { return }
        isPlanned = true
        loop.assumeIsolated().execute { self.act() }
    }

    private func act() {
        isPlanned = false
        change()
        while let connection, connection.hasRoom, let bytes = courier.next(now) { connection.send(bytes) }
        // What can't be sent has failed, and that may have been all that the connection was kept for.
        change()
        arm()
    }

    /// Opens and closes connections as the courier wants it.
    private func change() {
        for action in courier.takeActions() {
            connection?.close()
            switch action {
            case .open: connection = connector.open(for: self)
            case .close: connection = nil
            }
        }
    }

    /// Sets the timer, unless it is set to that time or an earlier one already: then it is set anew when it is over.
    private func arm() {
        let deadline = courier.deadline
        guard deadline < timer?.at ?? .never else {
            if deadline == .never { stopTimer() }
            return
        }
        stopTimer()
        let delay = TimeAmount(max(deadline - now, .zero))
        let task = loop.assumeIsolated().scheduleTask(in: delay) {
            self.timer = nil
            self.courier.tick(self.now)
            self.act()
        }
        timer = (deadline, task)
    }

    private func stopTimer() {
        timer?.task.cancel()
        timer = nil
    }

    // MARK: What the connection tells

    func opened() {
        courier.opened(now)
        plan()
    }

    func received(_ bytes: ByteBuffer) {
        courier.received(bytes, now)
        plan()
    }

    func lost(_ reason: String, _ cause: (any Error)?) {
        connection = nil
        courier.lost(reason, cause: cause, now)
        plan()
    }
}
