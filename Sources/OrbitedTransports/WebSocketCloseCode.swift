/// Why a server closes a WebSocket. `protocol/registry.json` [WSK-14]
public enum WebSocketCloseCode: UInt16, Sendable, CaseIterable {
    /// The server shuts down; another connection is welcome.
    case shutdown = 1001
    /// The peer broke the rules of RFC 6455.
    case protocolError = 1002
    /// The peer sent a binary message.
    case binaryMessage = 1003
    /// The peer sent text that is not UTF-8.
    case invalidText = 1007
    /// The peer's message is no acknowledgement.
    case badMessage = 1008
    /// The peer's message is larger than the server takes.
    case messageTooLarge = 1009
    /// Another connection took over: the peer must not connect again by itself.
    case replaced = 4001
    /// An application closed the session: the peer must not connect again by itself.
    case closed = 4002

    /// The codes after which a peer must not connect again by itself. [WSK-15]
    public static let final: ClosedRange<UInt16> = 4000...4099

    /// What the close frame says beside the code.
    public var reason: String {
        switch self {
        case .shutdown: "shutdown"
        case .protocolError: "protocol error"
        case .binaryMessage: "binary message"
        case .invalidText: "invalid text"
        case .badMessage: "bad message"
        case .messageTooLarge: "message too large"
        case .replaced: "replaced"
        case .closed: "closed"
        }
    }
}
