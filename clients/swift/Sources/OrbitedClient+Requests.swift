import NIOCore
import OrbitedWire

/// What else Orbit 1.1 can ask. All of it throws ``OrbitedClientError``; a refusal by the server is `refused`.
extension OrbitedClient {
    /// Shows the server's secret; before anything else, if it has one. [CTL-131]
    public func auth(_ secret: ByteBuffer) async throws(OrbitedClientError) {
        _ = try await carryOut(.auth(secret: secret))
    }

    /// Asks for an answer, and for nothing else. [CTL-135]
    public func ping() async throws(OrbitedClientError) { _ = try await carryOut(.ping) }

    /// The keys that have a session and that the recipients stand for. [CTL-148]
    ///
    /// - Parameter limit: how many at most, 1 to 100,000. Default 10,000.
    /// - Returns: the keys, and whether there are more.
    public func list(
        _ recipients: Recipients, limit: Int = ControlLimits.defaultList
    ) async throws(OrbitedClientError) -> (keys: [ConnectionKey], hasMore: Bool) {
        precondition(
            (1...ControlLimits.maxList).contains(limit), "a limit is a number from 1 to \(ControlLimits.maxList)")
        let reply = try await carryOut(.list(recipients, limit: limit))
        let lines = (reply.body ?? ByteBuffer()).readableBytesView.split(separator: UInt8(ascii: "\n"))
        do {
            return (try lines.map { try ConnectionKey(String(decoding: $0, as: UTF8.self)) }, reply.hasMore ?? false)
        } catch {
            throw .protocolViolated("a list has something else than keys")
        }
    }

    /// Ends the sessions that the recipients stand for. [CTL-150]
    ///
    /// - Parameter reason: what their pages are told; at most 100 bytes without line ends. Default: nothing.
    /// - Returns: how many sessions there were.
    public func close(_ recipients: Recipients, reason: String = "") async throws(OrbitedClientError) -> Int {
        precondition(
            reason.utf8.count <= ControlLimits.reason && !reason.utf8.contains { $0 == 0x0A || $0 == 0x0D },
            "a reason has at most \(ControlLimits.reason) bytes and no line ends")
        return try await carryOut(.close(recipients, reason: reason)).closed ?? 0
    }

    /// Hears who comes and goes. [CTL-137]
    ///
    /// - Parameters:
    ///   - recipients: exactly one key or pattern.
    ///   - withState: whether those who are there are told first. Default: no.
    ///   - place: the place of the last news of an earlier watch; nil to begin now. Default nil.
    public func watch(
        _ recipients: Recipients, withState: Bool = false, after place: NoticePlace? = nil
    ) async throws(OrbitedClientError) -> Watch {
        precondition(recipients.count == 1, "a watch is for one key or one pattern")
        let reader = WatchReader()
        let request = WatchRequest(recipients: recipients, wantsState: withState, last: place)
        let reply = try await begin(request, reader).orRefused()
        guard let epoch = reply.epoch, let sequence = reply.sequence else {
            throw .protocolViolated("the reply to a Watch lacks its place")
        }
        return Watch(
            place: NoticePlace(epoch: epoch, sequence: sequence), present: reply.present, isResumed: reply.isResumed,
            reader: reader)
    }

    private func carryOut(_ request: ControlRequest) async throws(OrbitedClientError) -> Reply {
        try await ask { request.write(id: $0, into: &$1) }.orRefused()
    }
}

extension Reply {
    /// The reply, if it is a `Success`.
    fileprivate func orRefused() throws(OrbitedClientError) -> Reply {
        guard isSuccess else { throw .refused(message, code: code) }
        return self
    }
}
