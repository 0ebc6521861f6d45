import NIOCore

/// What else Orbit 1.1 can ask. With a server of Orbit 1.0 all of it throws ``OrbitedError/Kind/unsupportedVersion``.
extension OrbitedClient {
    /// The keys that have a session and that the recipients stand for. [CTL-148]
    ///
    /// - Parameters:
    ///   - recipients: one or many keys and patterns.
    ///   - limit: the most keys to list, 1 to 100,000. Default 10,000. [CTL-149]
    ///   - timeout: how long the call may take as a whole. Default: the client's.
    /// - Throws: any ``OrbitedError``. It is sent again by itself if the connection is lost.
    public nonisolated(nonsending) func list(
        _ recipients: some RecipientConvertible, limit: Int? = nil, timeout: Duration? = nil
    ) async throws(OrbitedError) -> Listing {
        let frame = try Frame.list(recipients.recipients(), limit: limit, limits: options.limits)
        guard case .listing(let listing) = try await perform(frame, .again, timeout) else {
            preconditionFailure("a List has a listing")
        }
        return listing
    }

    /// Ends the sessions of all keys that the recipients stand for; their browsers do not come back by themselves.
    /// [CTL-150]
    ///
    /// - Parameters:
    ///   - recipients: one or many keys and patterns.
    ///   - reason: what their pages are told, 1 to 100 bytes in one line. Default: nothing. [CTL-151]
    ///   - timeout: how long the call may take as a whole. Default: the client's.
    /// - Returns: how many sessions there were.
    /// - Throws: any ``OrbitedError``.
    public nonisolated(nonsending) func close(
        _ recipients: some RecipientConvertible, reason: String? = nil, timeout: Duration? = nil
    ) async throws(OrbitedError) -> Int {
        let frame = try Frame.close(recipients.recipients(), reason: reason, limits: options.limits)
        guard case .closed(let count) = try await perform(frame, .fail, timeout) else {
            preconditionFailure("a Close has a number")
        }
        return count
    }

    /// Asks the server for an answer and nothing else. [CTL-135]
    ///
    /// - Parameter timeout: how long the call may take as a whole. Default: the client's.
    /// - Throws: any ``OrbitedError``.
    public nonisolated(nonsending) func ping(timeout: Duration? = nil) async throws(OrbitedError) {
        _ = try await perform(.ping, .fail, timeout)
    }

    /// Shows the server's secret, now and on each later connection. [CTL-131]
    ///
    /// - Parameters:
    ///   - secret: its bytes, or text.
    ///   - timeout: how long the call may take as a whole. Default: the client's.
    /// - Throws: any ``OrbitedError``; ``OrbitedError/Kind/refused`` with code 502 if it is another one. The server closes
    ///   the connection then, and a retry does not help.
    public nonisolated(nonsending) func auth(
        _ secret: some BodyConvertible, timeout: Duration? = nil
    ) async throws(OrbitedError) {
        let frame = try Frame.auth(secret.bodyBytes, limits: options.limits)
        await begin(with: frame)
        _ = try await perform(frame, .fail, timeout)
    }

    private func begin(with greeting: Frame) { carrier.value.courier.greeting = greeting }
}
