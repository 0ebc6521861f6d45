import OrbitedWire

extension OrbitedClient {
    /// Hears who comes and goes, of the keys that a recipient stands for. [CTL-137]
    ///
    ///     for try await notice in try orbit.watch("*, *, /chat", state: true) {
    ///         switch notice {
    ///         case .present(let key, _), .signon(let key, _): print("\(key.user) is here")
    ///         case .signoff(let key, let end, _): print("\(key.user) has gone, and never got \(end.missed)")
    ///         case .gap: print("notices may be missing here")
    ///         }
    ///     }
    ///
    /// It begins at once, goes on over lost connections, as long as it takes, and ends with the iteration, with
    /// ``Watch/end()``, or with the client.
    ///
    /// - Parameters:
    ///   - recipient: exactly one key or pattern.
    ///   - state: whether the keys that have a session already are told first. Default: no. [CTL-140]
    ///   - place: where to go on: ``Watch/place`` of an earlier watch. Default: now. [CTL-141]
    ///   - notices: how many may wait to be read, from 1; with one more, or beyond 16 MiB, the watch ends with
    ///     ``OrbitedError/Kind/noticesOverflow``. Default 10,000.
    /// - Throws: if it can't be sent: ``OrbitedError/Kind/invalidRecipient``, ``OrbitedError/Kind/invalidValue``.
    public nonisolated func watch(
        _ recipient: some RecipientConvertible, state: Bool = false, since place: NoticePlace? = nil,
        notices: Int = ControlLimits.notices
    ) throws(OrbitedError) -> Watch {
        let recipients = try recipient.recipients()
        guard notices > 0 else { throw OrbitedError(.invalidValue, "a watch has room for 1 notice or more") }
        // What can't be sent is found out now.
        _ = try Frame.watch(recipients, state: state, since: place, limits: options.limits)
        let reader = NoticeBuffer(limit: notices, since: place)
        let carrier = carrier
        loop.execute {
            let carrier = carrier.value
            let subscription = Subscription(recipients, state: state, since: place, reader)
            carrier.courier.watch(subscription, carrier.now)
            carrier.plan()
        }
        return Watch(reader, client: self)
    }

    /// Ends a watch, and waits until the server has heard of it. What waits to be read is discarded.
    public func unwatch(_ watch: Watch) async {
        watch.reader.discard()
        let carrier = carrier.value
        await withCheckedContinuation { continuation in
            carrier.courier.unwatch(watch.reader) { _ in continuation.resume() }
            carrier.plan()
        }
    }
}
