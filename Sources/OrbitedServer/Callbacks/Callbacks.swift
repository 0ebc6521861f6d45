import Logging
import NIOCore
import NIOSSL
import OrbitedCore
import Synchronization

/// Hears what the application wants to be told, on any thread, and has it posted on one loop. [CBK-1]
///
/// Delivery never waits for it: shards leave what they have to tell in a box of bounded size.
final class Callbacks: NoticeSink, FailureSink {
    private struct Box {
        var failures: [EventFailure] = []
        var dropped = 0
    }

    let configuration: Configuration.Callbacks
    private let eventLoop: any EventLoop
    private let poster: NIOLoopBoundBox<CallbackPoster?>
    private let box = Mutex(Box())

    /// Nil if the application wants no callbacks.
    init?(_ configuration: Configuration.Callbacks, on eventLoop: any EventLoop) {
        guard Callback.Kind.allCases.contains(where: { configuration.url(of: $0) != nil }) else { return nil }
        self.configuration = configuration
        self.eventLoop = eventLoop
        poster = .makeEmptyBox(valueType: CallbackPoster.self, eventLoop: eventLoop)
    }

    /// Begins to listen to a switchboard.
    func begin(_ switchboard: Switchboard, logger: Logger) async throws {
        let needsTLS = Callback.Kind.allCases.contains { configuration.url(of: $0)?.isSecure == true }
        let tls = needsTLS ? try NIOSSLContext(configuration: .makeClientConfiguration()) : nil
        try await eventLoop.submit {
            let poster = CallbackPoster(
                eventLoop: self.eventLoop, switchboard: switchboard, configuration: self.configuration, tls: tls,
                logger: logger)
            self.poster.value = poster
            poster.begin(self)
        }.get()
    }

    func hasNotices() {
        eventLoop.execute { self.poster.value?.takeNotices(sink: self) }
    }

    func failed(_ failures: [EventFailure]) {
        let isFirst = box.withLock { box in
            let room = max(0, configuration.maxWaiting - box.failures.count)
            let isFirst = box.failures.isEmpty && box.dropped == 0
            box.failures += failures.prefix(room)
            box.dropped += max(0, failures.count - room)
            return isFirst
        }
        guard isFirst else { return }
        eventLoop.execute { self.takeFailures() }
    }

    private func takeFailures() {
        let taken = box.withLock { box in
            defer { box = Box() }
            return box
        }
        poster.value?.take(taken.failures, dropped: taken.dropped)
    }

    /// Posts what there is, for so long at most, and ends.
    func finish(within time: TimeAmount) async throws {
        try await eventLoop.flatSubmit { () -> EventLoopFuture<Void> in
            guard let poster = self.poster.value else { return self.eventLoop.makeSucceededVoidFuture() }
            poster.takeNotices(sink: self)
            self.takeFailures()
            return poster.finish(within: time)
        }.get()
        try await eventLoop.submit { self.poster.value?.close() }.get()
    }
}
