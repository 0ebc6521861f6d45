import NIOCore
import OrbitedCore

/// Has sent events, and takes what shards tell of them. Confined to a loop.
protocol ReportTaker: AnyObject, SendableMetatype {
    /// Takes reports.
    func take(_ reports: [Report])
}

/// The way back of receipts: hops to the loop of the connection that sent the event, if need be.
final class LoopSink<Taker: ReportTaker>: ReceiptSink {
    let taker: NIOLoopBound<Taker>
    let eventLoop: any EventLoop

    init(_ taker: Taker, eventLoop: any EventLoop) {
        self.taker = NIOLoopBound(taker, eventLoop: eventLoop)
        self.eventLoop = eventLoop
    }

    func report(_ reports: [Report]) {
        if eventLoop.inEventLoop {
            taker.value.take(reports)
        } else {
            eventLoop.execute { self.taker.value.take(reports) }
        }
    }
}

extension LoopSink: NoticeSink where Taker == ControlHandler {
    /// Later in any case: a shard may be in the middle of its work.
    func hasNotices() {
        eventLoop.execute { self.taker.value.takeNotices() }
    }
}
