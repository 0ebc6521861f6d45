/// What takes too long.
extension Courier {
    /// When ``tick(_:)`` has to be called.
    var deadline: Duration {
        let pulse = isWatchedOver ? min(pulse.due, pulse.next) : .never
        return min(waits.deadline, line.until, pulse)
    }

    /// Ends what is over.
    func tick(_ now: Duration) {
        while let wait = waits.due(now) { expire(wait) }
        if line.until <= now { phaseIsOver(now) }
        if let exchange { lookAfter(exchange, now) }
        settle()
    }

    private func expire(_ wait: Wait) {
        guard wishes.isToDisconnect(wait) else { return waits.fail(wait, timedOut(wait)) }
        waits.succeed(wait, .done)
        line.drop()
        failAll(OrbitedError.disconnected)
    }

    private func timedOut(_ wait: Wait) -> OrbitedError {
        let cause = wishes.lastFailure
        let message = wait is Call ? "no reply came in time" : "there was no connection in time"
        return OrbitedError(
            .timedOut, cause.map { "\(message): \($0)" } ?? message, maybeDelivered: wait.maybeDelivered, cause: cause)
    }

    private func phaseIsOver(_ now: Duration) {
        switch line.phase {
        case .pausing: line.open(now)
        case .closing: breakOff("the server takes no more", now)
        case .connecting, .greeting: breakOff("no answer came within \(options.connectTimeout)", now)
        case .idle, .ready: break
        }
    }

    /// Leaves a connection that is dead.
    private func lookAfter(_ exchange: Exchange, _ now: Duration) {
        if exchange.isChoked {
            breakOff("the server does not answer", now)
        } else if isWatchedOver, pulse.due <= now {
            breakOff("the server gave no sign of life", now)
        } else if isWatchedOver, pulse.next <= now {
            pulse.ask(now)
            exchange.sendFirst(Call(.ping, onLoss: .done))
        }
    }

    /// Whether a silent server would be found out.
    private var isWatchedOver: Bool {
        guard let exchange, isConnected, exchange.speaks11 else { return false }
        return exchange.awaited > 0 || watches.count > 0
    }
}
