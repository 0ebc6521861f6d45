import NIOHTTP1
import OrbitedProxy

/// Who answers a request. [BRW-81]
enum Route: Equatable {
    /// Orbited itself.
    case own(OwnPath)
    /// An application behind the proxy.
    case application(Application)

    /// What Orbited answers itself.
    enum OwnPath: Equatable {
        /// `/location|user,…`
        case bar
        /// `/location?user=…`
        case query
        /// The daemon's own file.
        case file(String)
    }

    /// Decides on a path, in the order of the specification: the bar, the daemon's files, the rules, the query.
    init(_ path: Substring, rules: ProxyRules) {
        if EventURL.isBarForm(path) {
            self = .own(.bar)
        } else if path.utf8.starts(with: "/_/".utf8) {
            self = .own(.file(String(path)))
        } else {
            switch rules.target(for: String(path)) {
            case .application(let application)?: self = .application(application)
            case .orbited?, nil: self = .own(.query)
            }
        }
    }
}
