import NIOCore

/// Brings calls to the server and their answers back, over as many connections as that takes. It has neither sockets nor
/// clock: whoever carries its bytes tells it what time it is, and does what ``takeActions()`` says. Times are since a
/// moment that does not change.
///
/// A connection begins with an `Auth`, or with a `Ping`, which tells whether the server speaks Orbit 1.1. Nothing else
/// is sent before the answer.
final class Courier {
    let options: ClientOptions
    var line: Line
    var waits = Waits()
    var wishes = Wishes()
    var calls: Calls
    var watches = Watches()
    var pulse: Pulse
    /// What is under way on the present connection.
    var exchange: Exchange?
    /// The number of the next connection's first frame.
    var nextNumber = 1
    /// The frame with which a connection begins: an `Auth`, or a `Ping`. [CTL-155]
    var greeting: Frame

    /// - Parameter random: numbers from 0 to below 1.
    init(_ options: ClientOptions, random: @escaping () -> Double) {
        self.options = options
        line = Line(patience: options.connectTimeout, random: random)
        calls = Calls(options)
        pulse = Pulse(interval: options.heartbeat, patience: options.connectTimeout)
        greeting =
            options.secret.map { secret in
                Frame.checked { () throws(OrbitedError) in try .auth(secret, limits: options.limits) }
            } ?? .ping
    }

    /// Whether there is a connection that takes calls.
    var isConnected: Bool { line.isReady }

    /// What is to be done to the connection since the last time, in this order.
    func takeActions() -> [Line.Action] { line.takeActions() }

    // MARK: What the program wants

    func call(_ call: Call, _ now: Duration) {
        guard !wishes.refuse(call, &waits) else { return }
        let room = isConnected ? exchange?.room ?? 0 : 0
        if calls.add(call, room: room, &waits) { line.want(now) }
    }

    func watch(_ subscription: Subscription, _ now: Duration) {
        guard !wishes.toDisconnect else {
            return subscription.reader.end(OrbitedError(.disconnected, "the client was disconnected"))
        }
        watches.add(subscription)
        line.want(now)
    }

    /// Ends a watch. Its reader is told nothing more.
    ///
    /// - Parameter onEnd: what is done when the server has heard of it.
    func unwatch(_ reader: NoticeBuffer, onEnd: @escaping (Result<Value, OrbitedError>) -> Void = { _ in }) {
        watches.unwatch(reader, isConnected ? exchange : nil, onEnd: onEnd)
    }

    /// Connects, if there is no connection.
    ///
    /// - Parameter wait: it fails with the attempt.
    func connect(_ wait: Wait, _ now: Duration) {
        guard !wishes.refuse(wait, &waits) else { return }
        waits.begin(wait)
        guard !isConnected else { return waits.succeed(wait, .done) }
        wishes.connect(wait)
        line.open(now)
    }

    /// Carries out the calls that there are, takes no others, and ends the connection. Watches end at once.
    ///
    /// - Parameter wait: when its time is over, the calls that are left fail.
    func disconnect(_ wait: Wait) {
        waits.begin(wait)
        wishes.disconnect(wait)
        // What calls under way keep open is told; else the connection's end is the end of its watches.
        let isKept = isConnected && (calls.left > 0 || exchange?.live ?? 0 > 0)
        watches.leaveAll(isKept ? exchange : nil)
        if case .pausing = line.phase { calls.failWaiting(OrbitedError.disconnected, &waits) }
        settle()
    }

    /// Ends something before its time.
    func cancel(_ wait: Wait) {
        waits.fail(wait, OrbitedError(.cancelled, "the call's task was cancelled", maybeDelivered: wait.maybeDelivered))
        settle()
    }

    // MARK: What goes over the connection

    /// The bytes to send next, if there are any. To be asked only while the connection takes more.
    func next(_ now: Duration) -> ByteBuffer? {
        guard let exchange else { return nil }
        // Before this, the server may have had nothing to say.
        if exchange.awaited == 0, watches.count == 0 { pulse.heard(now) }
        var buffer = exchange.takeUrgent()
        if isConnected {
            watches.fill(&buffer, exchange)
            exchange.fill(from: calls.queue, into: &buffer) { waits.fail($0, $1) }
            settle()
        }
        return buffer.readableBytes > 0 ? buffer : nil
    }

    func received(_ bytes: ByteBuffer, _ now: Duration) {
        pulse.heard(now)
        guard let exchange else { return }
        exchange.append(bytes)
        while self.exchange === exchange, let outcome = exchange.next() { take(outcome, of: exchange, now) }
        settle()
    }

    private func take(_ outcome: OrbitProtocol.Outcome, of exchange: Exchange, _ now: Duration) {
        switch outcome {
        case .answer(let number, let frame, let answer): answered(number, frame, answer, of: exchange, now)
        case .notice(let watch, let notice): watches.noticed(watch, notice, exchange, isReady: isConnected)
        case .ended(let watch, let error): watches.ended(watch, error, exchange)
        case .goodbye(let error):
            if case .greeting = line.phase { turnedAway(error, now) } else { line.goodbye(now) }
        case .violation(let error): violated(error, now)
        }
    }

    private func answered(
        _ number: Int, _ frame: Frame, _ answer: Result<Value, OrbitedError>, of exchange: Exchange, _ now: Duration
    ) {
        if case .greeting = line.phase { return greeted(exchange, number, frame, answer, now) }
        if case .failure(let error) = answer, error.closes { line.goodbye(now) }
        if frame.action == .watch {
            watches.answered(number, answer, exchange, isReady: isConnected)
        } else if let call = exchange.answered(number) {
            calls.answered(call, answer, &waits)
        }
    }
}
