import NIOCore
import OrbitedCore

/// The way back of receipts: hops to the control connection's loop if need be.
final class ControlSink: ReceiptSink, NoticeSink {
    private let handler: NIOLoopBound<ControlHandler>
    private let eventLoop: any EventLoop

    init(_ handler: ControlHandler, eventLoop: any EventLoop) {
        self.handler = NIOLoopBound(handler, eventLoop: eventLoop)
        self.eventLoop = eventLoop
    }

    /// Later in any case: a shard may be in the middle of its work.
    func hasNotices() {
        eventLoop.execute { self.handler.value.takeNotices() }
    }

    func report(_ reports: [Report]) {
        if eventLoop.inEventLoop {
            handler.value.take(reports)
        } else {
            eventLoop.execute { self.handler.value.take(reports) }
        }
    }
}
