import Logging
import NIOCore
import NIOSSL
import OrbitedCore
import OrbitedWire
import Synchronization

/// Hears what the application wants to be told, on any thread, and has it posted on one loop. [CBK-1]
///
/// Delivery never waits for it: what there is to tell is left in a box of bounded size.
final class Callbacks: CallbackSink {
    private let configuration: Configuration.Callbacks
    private let eventLoop: any EventLoop
    private let poster: NIOLoopBoundBox<CallbackPoster?>
    private let box: Mutex<CallbackBox>

    /// Nil if the application wants no callbacks.
    init?(_ configuration: Configuration.Callbacks, on eventLoop: any EventLoop) {
        guard Callback.Kind.allCases.contains(where: { configuration.url(of: $0) != nil }) else { return nil }
        self.configuration = configuration
        self.eventLoop = eventLoop
        poster = .makeEmptyBox(valueType: CallbackPoster.self, eventLoop: eventLoop)
        box = Mutex(
            CallbackBox(
                lanes: configuration.connections, most: configuration.maxWaiting,
                mostBytes: configuration.maxWaitingBytes))
    }

    /// Gets ready to post what a server of that epoch has to tell.
    func begin(epoch: String, logger: Logger) async throws {
        let needsTLS = Callback.Kind.allCases.contains { configuration.url(of: $0)?.origin.isSecure == true }
        let tls = needsTLS ? try NIOSSLContext(configuration: .makeClientConfiguration()) : nil
        try await eventLoop.submit {
            self.poster.value = CallbackPoster(
                eventLoop: self.eventLoop, epoch: epoch, configuration: self.configuration, tls: tls, logger: logger
            ) { callbacks in
                self.box.withLock { $0.free(callbacks) }
            }
        }.get()
    }

    func noticed(_ notice: Notice) { add(.notice(notice)) }

    func failed(_ failure: EventFailure) { add(.failure(failure)) }

    private func add(_ callback: Callback) {
        guard configuration.url(of: callback.kind) != nil else { return }
        let isFirst = box.withLock { $0.add(callback) }
        if isFirst { eventLoop.execute { self.takeMail() } }
    }

    private func takeMail() {
        let mail = box.withLock { $0.take() }
        poster.value?.take(mail)
    }

    /// Posts what there is, for so long at most, and ends.
    func finish(within time: TimeAmount) async throws {
        try await eventLoop.flatSubmit { () -> EventLoopFuture<Void> in
            self.takeMail()
            return self.poster.value?.finish(within: time) ?? self.eventLoop.makeSucceededVoidFuture()
        }.get()
        try await eventLoop.submit { self.poster.value?.close() }.get()
    }
}
