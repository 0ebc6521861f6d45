import NIOCore

/// The watches that somebody reads, over all connections.
struct Watches {
    private var subscriptions: [Subscription] = []

    var count: Int { subscriptions.count }

    mutating func add(_ subscription: Subscription) { subscriptions.append(subscription) }

    /// Nobody reads it any more.
    ///
    /// - Parameter exchange: the connection, if it takes calls.
    mutating func unwatch(
        _ reader: NoticeBuffer, _ exchange: Exchange?, onEnd: @escaping (Result<Value, OrbitedError>) -> Void = { _ in }
    ) {
        guard let subscription = remove(reader), let number = subscription.number, let exchange else {
            return onEnd(.success(.done))
        }
        exchange.unwatch(number, onEnd: onEnd)
    }

    /// Nobody reads any of them any more.
    ///
    /// - Parameter exchange: the connection, if it takes calls and goes on.
    mutating func leaveAll(_ exchange: Exchange?) {
        for subscription in subscriptions {
            subscription.reader.end(nil)
            unwatch(subscription.reader, exchange)
        }
    }

    private mutating func remove(_ reader: NoticeBuffer) -> Subscription? {
        guard let place = subscriptions.firstIndex(where: { $0.reader === reader }) else { return nil }
        return subscriptions.remove(at: place)
    }

    /// It ends, for whatever reason but its reader's.
    mutating func end(_ subscription: Subscription?, _ error: OrbitedError?) {
        guard let subscription, remove(subscription.reader) != nil else { return }
        subscription.reader.end(error)
    }

    mutating func endAll(_ error: OrbitedError?) {
        for subscription in subscriptions { end(subscription, error) }
    }

    /// Sends the frames of those that the connection does not have yet.
    mutating func fill(_ buffer: inout ByteBuffer, _ exchange: Exchange) {
        for subscription in subscriptions where subscription.number == nil {
            do throws(OrbitedError) {
                try exchange.watch(subscription, into: &buffer)
            } catch {
                end(subscription, error)
            }
        }
    }

    /// The server has answered the frame of a watch.
    mutating func answered(_ number: Int, _ answer: Result<Value, OrbitedError>, _ exchange: Exchange, isReady: Bool) {
        guard let subscription = exchange.watch(numbered: number) else { return }
        switch answer {
        case .success(.watching(let start)):
            if !subscription.begin(start) { unwatch(subscription.reader, isReady ? exchange : nil) }
        case .success: break
        case .failure(let error):
            // If the server only closes, the watch goes on with the next connection.
            guard !(error.retriable && error.closes) else { return }
            end(subscription, error)
            exchange.forget(watch: number)
        }
    }

    mutating func noticed(_ number: Int, _ notice: WatchNotice, _ exchange: Exchange, isReady: Bool) {
        guard let subscription = exchange.watch(numbered: number), !subscription.take(notice) else { return }
        unwatch(subscription.reader, isReady ? exchange : nil)
    }

    /// The server has ended a watch.
    mutating func ended(_ number: Int, _ error: OrbitedError, _ exchange: Exchange) {
        end(exchange.watch(numbered: number), error)
        exchange.forget(watch: number)
    }
}
