import NIOCore

extension OrbitedClient {
    /// Sends an event, and waits until the fate of each recipient is known.
    ///
    /// - Parameters:
    ///   - recipients: one or many keys and patterns.
    ///   - body: the bytes that browsers get, or text.
    ///   - ack: when a recipient is reached. Default: when all bytes left for its browser. [CTL-123]
    ///   - ttl: how many seconds the event may wait for an absent browser, 0 to 2^53 − 1; 0: not at all. Default: as long
    ///     as the session. [CTL-126]
    ///   - retry: whether it is sent again if the connection is lost, **which can deliver it twice**. Default: no.
    ///   - timeout: how long the call may take as a whole. Default: the client's.
    /// - Throws: any ``OrbitedError``; ``OrbitedError/isRetrySafe`` tells what to do. A recipient that was not reached is
    ///   none.
    public nonisolated(nonsending) func event(
        to recipients: some RecipientConvertible, body: some BodyConvertible, ack: Ack? = nil, ttl: Int? = nil,
        retry: Bool = false, timeout: Duration? = nil
    ) async throws(OrbitedError) -> Receipt {
        let frame = try Frame.event(
            to: recipients.recipients(), body: body.bodyBytes, ack: ack, ttl: ttl, limits: options.limits)
        return try await perform(frame, retry ? .again : .fail, timeout).receipt
    }

    /// Sends an event whose body is a value, written as JSON.
    ///
    /// - Throws: besides, ``OrbitedError/Kind/invalidBody``: JSON has no form for the value.
    public nonisolated(nonsending) func event(
        to recipients: some RecipientConvertible, json value: some Encodable, ack: Ack? = nil, ttl: Int? = nil,
        retry: Bool = false, timeout: Duration? = nil
    ) async throws(OrbitedError) -> Receipt {
        try await event(
            to: recipients, body: jsonBody(value), ack: ack, ttl: ttl, retry: retry, timeout: timeout)
    }

    /// Sends an event without waiting: those that one task sends so stay in their order.
    ///
    ///     let sent = try news.map { try orbit.send(to: "*, *, /news", json: $0) }
    ///     for event in sent { print(try await event.receipt) }
    ///
    /// Its parameters are those of ``event(to:body:ack:ttl:retry:timeout:)``.
    ///
    /// - Returns: what the receipt is awaited from.
    /// - Throws: if it can't be sent: ``OrbitedError/Kind/invalidRecipient``, ``OrbitedError/Kind/invalidValue``,
    ///   ``OrbitedError/Kind/limitExceeded``.
    public nonisolated func send(
        to recipients: some RecipientConvertible, body: some BodyConvertible, ack: Ack? = nil, ttl: Int? = nil,
        retry: Bool = false, timeout: Duration? = nil
    ) throws(OrbitedError) -> PendingReceipt {
        let frame = try Frame.event(
            to: recipients.recipients(), body: body.bodyBytes, ack: ack, ttl: ttl, limits: options.limits)
        return begin(frame, retry ? .again : .fail, timeout ?? options.timeout)
    }

    /// Sends an event whose body is a value, written as JSON, without waiting.
    ///
    /// - Throws: besides, ``OrbitedError/Kind/invalidBody``: JSON has no form for the value.
    public nonisolated func send(
        to recipients: some RecipientConvertible, json value: some Encodable, ack: Ack? = nil, ttl: Int? = nil,
        retry: Bool = false, timeout: Duration? = nil
    ) throws(OrbitedError) -> PendingReceipt {
        try send(to: recipients, body: jsonBody(value), ack: ack, ttl: ttl, retry: retry, timeout: timeout)
    }

    private nonisolated func begin(_ frame: Frame, _ onLoss: Call.Loss, _ timeout: Duration?) -> PendingReceipt {
        let pending = PendingReceipt(client: self)
        // Its time begins here, not when the loop comes to it.
        let (carrier, start) = (carrier, NIODeadline.now())
        loop.execute {
            let carrier = carrier.value
            let deadline = timeout.map { .nanoseconds(start.uptimeNanoseconds) + $0 } ?? .never
            let call = Call(frame, onLoss: onLoss, deadline: deadline) { pending.end($0) }
            pending.begin(NIOLoopBound(call, eventLoop: carrier.loop))
            carrier.courier.call(call, carrier.now)
            carrier.plan()
        }
        return pending
    }
}

extension Value {
    var receipt: Receipt {
        guard case .receipt(let receipt) = self else { preconditionFailure("an Event has a receipt") }
        return receipt
    }
}
