/// One setting: its names, which values it takes, and the field of ``Configuration`` that it sets.
///
/// The list ``all`` is the only place that knows the settings. The file, the flags, the environment, the help text,
/// the README's table and the listing of the settings in effect are all made from it.
public struct Setting: Sendable, Identifiable {
    /// What tells a setting from all others: the section and key of the file.
    public struct ID: Hashable, Sendable {
        /// The section of the file.
        public let section: Section
        /// The key within the section.
        public let key: String
    }

    /// What a setting does.
    public enum Role: Sendable {
        /// It sets one field.
        case field(Field)
        /// It adds a rule to the proxy; its key in the file is the rule itself.
        case rules
        /// It had a meaning in 2007 and has none now; the advice says what to do instead.
        case obsolete(advice: String)
    }

    /// The section and key of the file.
    public let id: ID

    /// Keys of earlier years that mean the same.
    public let aliases: [String]

    /// What it does, in one line.
    public let help: String

    /// What it does to a configuration.
    public let role: Role

    /// A setting of one field.
    init<Value>(
        _ section: Section, _ key: String, aliases: [String] = [], _ kind: SettingKind<Value>,
        _ path: any WritableKeyPath<Configuration, Value> & Sendable, defaultNote: String? = nil, _ help: String
    ) {
        self.id = ID(section: section, key: key)
        self.aliases = aliases
        self.help = help
        self.role = .field(Field(kind: kind, path: path, defaultNote: defaultNote))
    }

    /// The setting that adds proxy rules.
    init(rules key: String, _ help: String) {
        self.id = ID(section: .proxy, key: key)
        self.aliases = []
        self.help = help
        self.role = .rules
    }

    /// A setting without meaning.
    init(obsolete section: Section, _ key: String, _ advice: String) {
        self.id = ID(section: section, key: key)
        self.aliases = []
        self.help = advice
        self.role = .obsolete(advice: advice)
    }
}

extension Setting {
    /// A section of the file.
    public enum Section: String, Sendable, CaseIterable {
        /// Listeners, sessions, proxy: what the files of 2007 held.
        case global
        /// What browsers are served, and which of them.
        case http
        /// The transports.
        case transport
        /// Bounds of size, number and time.
        case limits
        /// The log.
        case log
        /// The HTTP control API, on the port that was never finished in 2007.
        case admin
        /// What the application is told, and where.
        case callbacks
        /// The rules of the proxy.
        case proxy

        /// What the section holds, as a heading.
        var title: String {
            switch self {
            case .global: "Listeners, sessions and proxy"
            case .http: "Browsers"
            case .transport: "Transports"
            case .limits: "Limits"
            case .log: "Log"
            case .admin: "HTTP control API"
            case .callbacks: "Callbacks"
            case .proxy: "Proxy rules"
            }
        }
    }
}
