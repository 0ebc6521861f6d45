/// What the suite is as a server, by the names that the case gives.
struct Serving {
    /// What waits on a port.
    enum Port {
        case control(Listener)
        case http(BrowserListener)

        var listener: Listener {
            switch self {
            case .control(let listener): listener
            case .http(let browsers): browsers.listener
            }
        }
    }

    /// A connection that was made to the suite.
    enum Peer {
        case client(Client)
        case exchange(Exchange)

        var connection: Connection {
            switch self {
            case .client(let client): client.connection
            case .exchange(let exchange): exchange.connection
            }
        }
    }

    var ports: [String: Port] = [:]
    var peers: [String: Peer] = [:]
    /// Those whose names were given to others; they stay open.
    var formerPeers: [Peer] = []
    /// What reads and answers by itself.
    var tasks: [Task<Void, Never>] = []
}
