/// Everything that can go wrong, with what to do about it.
///
/// A recipient that was not reached is no error: the ``Receipt`` names it.
public struct OrbitedError: Error, Sendable {
    /// What went wrong.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// No connection could be made. A retry helps.
        case connectFailed
        /// The connection ended before the reply. A retry helps, and may deliver an event twice. [CTL-94]
        case connectionLost
        /// The call took too long. A retry helps, and may deliver an event twice if it was sent.
        case timedOut
        /// The call's task was cancelled. As ``timedOut``.
        case cancelled
        /// As many calls as the queue holds wait to be sent. A retry helps.
        case queueFull
        /// A later call took the place in the queue. A retry helps.
        case dropped
        /// `disconnect` ended the call. A retry helps.
        case disconnected
        /// Nobody read the notices of a watch in time. It helps to watch again, with `since`.
        case noticesOverflow
        /// The server refused the call as a whole. A retry helps for codes from 400 to 499. [CTL-49]
        case refused
        /// The server speaks Orbit 1.0 only, and the call needs Orbit 1.1. [CTL-152]
        case unsupportedVersion
        /// The peer does not speak Orbit. The connection is closed.
        case protocolViolated
        /// A recipient is no connection key and no pattern. Nothing was sent.
        case invalidRecipient
        /// The body can't be written as JSON. Nothing was sent.
        case invalidBody
        /// A value such as a time to live can't be sent. Nothing was sent.
        case invalidValue
        /// The call is larger than the wire allows. Nothing was sent.
        case limitExceeded
    }

    /// What went wrong.
    public let kind: Kind
    /// What happened, in one sentence; of a refusal the server's own.
    public let message: String
    /// The number from `protocol/registry.json`; nil if the server gave none.
    public let code: Int?
    /// The name that belongs to the code; nil if the server gave none.
    public let codeName: String?
    /// Whether browsers can have got the event, or the server can have carried out the call, nevertheless.
    public internal(set) var maybeDelivered: Bool
    /// What led to it, if it was another error.
    public let cause: (any Error)?

    init(
        _ kind: Kind, _ message: String, code: Int? = nil, codeName: String? = nil, maybeDelivered: Bool = false,
        cause: (any Error)? = nil
    ) {
        self.kind = kind
        self.message = message
        self.code = code
        self.codeName = codeName
        self.maybeDelivered = maybeDelivered
        self.cause = cause
    }

    /// Whether the same call can succeed if it is made again.
    public var retriable: Bool {
        switch kind {
        case .connectFailed, .connectionLost, .timedOut, .cancelled, .queueFull, .dropped, .disconnected,
            .noticesOverflow:
            true
        case .refused: code.map { (400..<500).contains($0) } ?? false
        case .unsupportedVersion, .protocolViolated, .invalidRecipient, .invalidBody, .invalidValue, .limitExceeded:
            false
        }
    }

    /// Whether the call can be made again without the risk of delivering an event twice.
    public var isRetrySafe: Bool { retriable && !maybeDelivered }

    /// The same error, of something that the server can have carried out, or can't.
    func about(_ wait: Wait) -> OrbitedError {
        var error = self
        error.maybeDelivered = wait.maybeDelivered
        return error
    }
}

extension OrbitedError: CustomStringConvertible {
    /// One plain sentence, without a full stop.
    public var description: String {
        switch kind {
        case .refused:
            "the server refused: \(message)" + (code.map { " (\($0)\(codeName.map { " \($0)" } ?? ""))" } ?? "")
        case .protocolViolated: "the server does not speak the Orbit protocol: \(message)"
        case .connectFailed, .connectionLost, .timedOut, .cancelled, .queueFull, .dropped, .disconnected,
            .noticesOverflow, .unsupportedVersion, .invalidRecipient, .invalidBody, .invalidValue, .limitExceeded:
            message
        }
    }
}
