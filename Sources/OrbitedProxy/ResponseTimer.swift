import NIOCore

/// The time that an application has for its next progress. Confined to its event loop.
///
/// Being armed anew costs nothing but a number: the scheduled task looks at it when it runs.
final class ResponseTimer {
    private let eventLoop: any EventLoop
    private let time: TimeAmount
    private var deadline: NIODeadline?
    private var scheduled: Scheduled<Void>?

    /// What happens when the time is over.
    var onExpiry: (() -> Void)?

    init(eventLoop: any EventLoop, time: TimeAmount) {
        self.eventLoop = eventLoop
        self.time = time
    }

    func arm() {
        let deadline = eventLoop.now + time
        self.deadline = deadline
        if scheduled == nil { schedule(at: deadline) }
    }

    func disarm() {
        deadline = nil
        scheduled?.cancel()
        scheduled = nil
    }

    private func schedule(at deadline: NIODeadline) {
        scheduled = eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [weak self] in self?.look() }
    }

    private func look() {
        scheduled = nil
        guard let deadline else { return }
        if eventLoop.now < deadline {
            schedule(at: deadline)
        } else {
            self.deadline = nil
            onExpiry?()
        }
    }
}
