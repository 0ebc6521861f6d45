import OrbitedProxy

/// A configuration together with where each of its values came from.
public struct LoadedConfiguration: Sendable {
    /// A proxy rule as it was written.
    public struct Rule: Sendable, Equatable {
        /// The rule.
        public let rule: ProxyRule
        /// Its text: `/chat -> ORBITED`.
        public let text: String
        /// Where it was written.
        public let origin: SettingOrigin
    }

    /// What the server is to do.
    public private(set) var configuration = Configuration()

    /// Where the values came from; settings that nobody set are left out.
    public private(set) var sources: [Setting.ID: SettingOrigin] = [:]

    /// The proxy rules, in the order in which they are tried.
    public private(set) var rules: [Rule] = []

    /// What the people who wrote the settings should know, a sentence each.
    public private(set) var warnings: [String] = []

    /// Where the value of a setting came from.
    public func origin(of id: Setting.ID) -> SettingOrigin { sources[id] ?? .default }

    /// The values of the layers, each layer over those before it.
    init(layers: [SettingLayer]) {
        for layer in layers {
            for change in layer.changes {
                change.apply(&configuration)
                sources[change.id] = change.origin
            }
            rules = layer.rules ?? rules
            warnings += layer.warnings
        }
        configuration.proxy.rules = rules.map(\.rule)
        if !rules.isEmpty, sources[.proxyEnabled] == nil {
            configuration.proxy.enabled = true
            sources[.proxyEnabled] = .impliedByRules
        }
    }
}
