import Logging
import NIOCore
import OrbitedCore
import OrbitedProxy
import OrbitedTransports
import OrbitedWire

/// A shard on its event loop: gives it the time, wakes it when something is due, and knows when it may go.
/// Confined to the loop.
final class ShardLoop {
    let loop: any EventLoop
    let shard: Shard
    let transports: [any Transport]
    let encoder: EventEncoder
    let heads: StreamHeads
    /// The loop's connections to applications.
    let proxy: ReverseProxy
    let logger: Logger
    /// How long a socket may take nothing of what ends its connection.
    let writeTimeout: TimeAmount
    /// Connections that are to be told when the server shuts down; streams are the shard's to end.
    private var closables: [ObjectIdentifier: any Closable] = [:]
    private var connectionCount = 0
    private var timer: Scheduled<Void>?
    private var timerTime = NIODeadline.distantFuture
    private var sweep: Scheduled<Void>?
    private let sweepInterval: TimeAmount
    private var isInside = false
    private var emptied: EventLoopPromise<Void>?
    private var isRefusing = false
    private var isAborting = false

    init(
        loop: any EventLoop, shard: Shard, transports: TransportList, proxy: ReverseProxy, sweepInterval: TimeAmount,
        writeTimeout: TimeAmount, logger: Logger
    ) {
        self.loop = loop
        self.shard = shard
        self.transports = transports.all
        self.encoder = EventEncoder(transports, epoch: shard.switchboard.epoch)
        self.heads = StreamHeads(transports)
        self.proxy = proxy
        self.sweepInterval = sweepInterval
        self.writeTimeout = writeTimeout
        self.logger = logger
    }

    // MARK: The shard

    /// Delivers what other loops, or this one, have sent.
    func drain() { enter { self.shard.drain(now: $0) } }

    func attach(_ outlet: any Outlet, key: ConnectionKey, comeback: Comeback) {
        enter { self.shard.attach(outlet, key: key, comeback: comeback, now: $0) }
    }

    /// The browser of an outlet has all events up to the cursor.
    func acknowledge(_ cursor: Cursor, by outlet: any Outlet) {
        enter { _ in self.shard.acknowledge(cursor, by: outlet) }
    }

    /// The browser of a key has all events up to the cursor, as a request of its own says.
    func acknowledge(_ cursor: Cursor, of key: ConnectionKey) { shard.switchboard.acknowledge(cursor, of: key) }

    func outletDrained(_ outlet: any Outlet) { enter { self.shard.outletDrained(outlet, now: $0) } }

    func outletClosed(_ outlet: any Outlet) { enter { self.shard.outletClosed(outlet, now: $0) } }

    /// Every entry into the shard: the time goes in, and the timer is set anew after it.
    ///
    /// What happens to connections while the shard is at work, as when a response lets the next request of the same
    /// connection begin, comes after that work.
    private func enter(_ body: @escaping (NIODeadline) -> Void) {
        guard !isInside else { return loop.assumeIsolated().execute { self.enter(body) } }
        isInside = true
        body(.now())
        isInside = false
        encoder.forget()
        setTimer()
        succeedIfEmpty()
    }

    private func setTimer() {
        guard let next = shard.nextDeadline, next < timerTime else { return }
        timer?.cancel()
        timerTime = next
        timer = loop.assumeIsolated().scheduleTask(deadline: next) { self.timerFired() }
    }

    private func timerFired() {
        timer = nil
        timerTime = .distantFuture
        enter { self.shard.tick(now: $0) }
    }

    /// Tells the operator whom the server no longer waited for.
    func logDropped(_ outlet: any Outlet) {
        let key = outlet.session?.key.description ?? ""
        logger.info(
            "dropped a browser that reads nothing", metadata: ["key": "\(key)", "transport": "\(outlet.transport)"])
    }

    // MARK: Connections

    /// Counts a connection until it is closed.
    func opened(_ connection: any Closable) {
        connectionCount += 1
        closables[ObjectIdentifier(connection)] = connection
        scheduleSweep()
        guard isRefusing else { return }
        // It was accepted just before the listener closed.
        loop.assumeIsolated().execute {
            connection.refuseEvents()
            connection.shutDown()
        }
    }

    /// Looks at the time of all connections that are not streams, as long as there are any.
    private func scheduleSweep() {
        guard sweep == nil, !closables.isEmpty else { return }
        sweep = loop.assumeIsolated().scheduleTask(in: sweepInterval) {
            self.sweep = nil
            let now = NIODeadline.now()
            for connection in self.closables.values { connection.checkTime(now) }
            self.scheduleSweep()
        }
    }

    /// The connection has become a stream: the shard ends it.
    func becameStream(_ connection: any Closable) {
        closables[ObjectIdentifier(connection)] = nil
    }

    /// The connection has closed.
    func closed(_ connection: (any Closable)?) {
        connectionCount -= 1
        if let connection { closables[ObjectIdentifier(connection)] = nil }
        succeedIfEmpty()
    }

    // MARK: Shutting down

    /// From now on control connections refuse events; what they have accepted goes on. [CTL-95]
    func refuseEvents() {
        isRefusing = true
        for connection in closables.values { connection.refuseEvents() }
    }

    /// Ends sessions and connections as soon as what is on its way has arrived; the future succeeds when all are gone.
    func close() -> EventLoopFuture<Void> {
        let promise = loop.makePromise(of: Void.self)
        emptied = promise
        enter { self.shard.close(now: $0) }
        for connection in closables.values { connection.shutDown() }
        proxy.close()
        succeedIfEmpty()
        return promise.futureResult
    }

    /// Gives up what is still on its way, so that every fate is told, and then waits for nobody any longer than it
    /// takes to tell. [CTL-96] What is open after that is closed with the loop.
    func abort() {
        enter { self.shard.abort(now: $0) }
        isAborting = true
        for connection in closables.values { connection.abort() }
        loop.assumeIsolated().scheduleTask(in: ControlConnectionLimits.linger) { self.succeed() }
        succeedIfEmpty()
    }

    private func succeedIfEmpty() {
        guard shard.isEmpty, connectionCount == 0 || isAborting && closables.isEmpty else { return }
        succeed()
    }

    private func succeed() {
        guard let emptied else { return }
        self.emptied = nil
        timer?.cancel()
        sweep?.cancel()
        emptied.succeed()
    }
}

/// A connection that can be asked to end.
protocol Closable: AnyObject {
    /// Acts on what is due; called every now and then.
    func checkTime(_ now: NIODeadline)
    /// Takes no new events from now on.
    func refuseEvents()
    /// Ends after what is in flight has been answered.
    func shutDown()
    /// Ends now, or as soon as the last fates are told.
    func abort()
}
