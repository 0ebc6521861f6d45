/// Why an event has no receipt.
public enum OrbitedClientError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no connection; nothing was sent. A retry is safe.
    case connectFailed(String)
    /// The connection has closed before; nothing was sent. A retry, on a new connection, is safe.
    case notConnected
    /// The connection broke; the event may have been delivered.
    case connectionLost(String)
    /// No receipt came in time; the event may have been delivered.
    case timedOut
    /// The server sent something else than replies.
    case protocolViolated(String)
    /// The server did not do what it was asked; the code is one of the registry, if there was one.
    case refused(String, code: Int?)
    /// More notices wait than a watch keeps.
    case watchOverflow

    /// One plain sentence.
    public var description: String {
        switch self {
        case .connectFailed(let reason): reason
        case .notConnected: "the connection has closed"
        case .connectionLost(let reason): "the connection was lost before the receipt came: \(reason)"
        case .timedOut: "no receipt came in time"
        case .protocolViolated(let reason): "the server does not speak the Orbit protocol: \(reason)"
        case .refused(let message, let code):
            "the server refused: \(message)" + (code.map { " (\($0))" } ?? "")
        case .watchOverflow: "more than \(WatchReader.most) notices wait to be read"
        }
    }

    /// Whether the same event can be sent again without the risk of delivering it twice.
    public var isRetrySafe: Bool {
        switch self {
        case .connectFailed, .notConnected, .refused: true
        case .connectionLost, .timedOut, .protocolViolated, .watchOverflow: false
        }
    }
}
