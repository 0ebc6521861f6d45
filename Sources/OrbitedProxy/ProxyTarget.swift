/// What answers the requests that a rule matches.
public enum ProxyTarget: Sendable, Hashable {
    /// Orbited itself: the path is the location of a connection key. Written `ORBITED`.
    case orbited

    /// A web application, which the request is passed on to. Written `http://host:port`.
    case application(Application)
}

extension ProxyTarget: CustomStringConvertible {
    /// The target as a rule spells it.
    public var description: String {
        switch self {
        case .orbited: "ORBITED"
        case .application(let application): application.description
        }
    }
}
