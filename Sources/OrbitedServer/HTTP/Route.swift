import NIOHTTP1
import OrbitedProxy

/// Who answers a request. [BRW-5] to [BRW-9]
enum Route: Equatable {
    /// `/location|user,…`
    case bar
    /// `/location?user=…`
    case query
    /// The daemon's own file.
    case file(String)
    /// An application behind the proxy.
    case application(Application)

    /// Decides on a path, in the order of the specification: the bar, the daemon's files, the rules, the query.
    init(_ path: Substring, rules: ProxyRules) {
        if EventURL.isBarForm(path) {
            self = .bar
        } else if path.hasPrefix("/_/") {
            self = .file(String(path))
        } else {
            switch rules.target(for: String(path)) {
            case .application(let application)?: self = .application(application)
            case .orbited?, nil: self = .query
            }
        }
    }
}
