import NIOCore

/// How connections begin and end, and what that means for all that waits.
extension Courier {
    /// There is a connection.
    func opened(_ now: Duration) {
        guard case .connecting = line.phase else { return }
        let exchange = Exchange(options, first: nextNumber)
        self.exchange = exchange
        line.opened(now)
        exchange.sendFirst(Call(greeting, onLoss: .done))
    }

    /// The connection is gone, or could not be made.
    func lost(_ reason: String, cause: (any Error)? = nil, _ now: Duration) {
        switch line.phase {
        case .connecting:
            let message = "can't connect to \(options.server): \(reason)"
            attemptFailed(OrbitedError(.connectFailed, message, cause: cause), now)
        case .greeting:
            let message = "can't connect to \(options.server): it did not answer: \(reason)"
            attemptFailed(OrbitedError(.connectFailed, message, cause: cause), now)
        case .ready, .closing:
            lose(
                {
                    OrbitedError(
                        .connectionLost, "the connection was lost before the reply came: \(reason)",
                        maybeDelivered: $0.maybeDelivered, cause: cause)
                }, now)
        case .idle, .pausing: break
        }
        settle()
    }

    /// Gives the connection up.
    func breakOff(_ reason: String, _ now: Duration) {
        line.drop()
        lost(reason, now)
    }

    /// The server lets the connection in, or does not.
    func greeted(
        _ exchange: Exchange, _ number: Int, _ frame: Frame, _ answer: Result<Value, OrbitedError>, _ now: Duration
    ) {
        _ = exchange.answered(number)
        switch Greeting(answer, to: frame) {
        case .refused(let error): return turnedAway(error, now)
        case .old: exchange.lower()
        case .welcome: break
        }
        line.greeted(now)
        wishes.connected(&waits)
    }

    /// The server does not take the connection.
    func turnedAway(_ error: OrbitedError, _ now: Duration) {
        line.drop()
        guard error.retriable else { return failAll { error.about($0) } }
        let message = "can't connect to \(options.server): \(error)"
        attemptFailed(OrbitedError(.connectFailed, message, cause: error), now)
    }

    /// The peer does not speak Orbit. What it has been sent is not sent again.
    func violated(_ error: OrbitedError, _ now: Duration) {
        line.drop()
        let errorOf: ErrorOf = { error.about($0) }
        if case .greeting = line.phase { return failAll(errorOf) }
        calls.giveUp(release(), errorOf, &waits)
        lose(errorOf, now)
    }

    /// Everything ends, and there is no connection any more.
    func failAll(_ errorOf: ErrorOf) {
        calls.failAll(release(), errorOf, &waits)
        wishes.failConnecting(errorOf, &waits)
        watches.endAll(errorOf(Wait()))
        line.hangUp()
    }

    /// Disconnects, if that is asked for and nothing is under way any more.
    func settle() {
        guard wishes.toDisconnect, calls.left == 0 else { return }
        if let exchange, exchange.live > 0 {
            switch line.phase {
            case .ready, .closing: return
            case .idle, .connecting, .greeting, .pausing: break
            }
        }
        line.drop()
        failAll(OrbitedError.disconnected)
        wishes.disconnected(&waits)
    }

    private func attemptFailed(_ error: OrbitedError, _ now: Duration) {
        wishes.attemptFailed(error, &waits)
        _ = release()
        rest(now)
    }

    /// A connection that was of use is gone.
    private func lose(_ errorOf: ErrorOf, _ now: Duration) {
        calls.lose(release(), errorOf, &waits)
        rest(now)
    }

    private func rest(_ now: Duration) {
        if wishes.toDisconnect { calls.failWaiting(OrbitedError.disconnected, &waits) }
        let isWanted = calls.queue.count > 0 || watches.count > 0 || wishes.toConnect
        line.rest(isWanted: isWanted, now)
    }

    /// Nothing is under way any more; answers what was.
    private func release() -> [Call] {
        guard let exchange else { return [] }
        self.exchange = nil
        let end = exchange.end()
        nextNumber = end.next
        return end.calls
    }
}
