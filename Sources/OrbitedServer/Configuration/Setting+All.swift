extension Setting {
    /// Every setting, section by section, in the order in which they are shown.
    public static let all: [Setting] = global + http + transport + limits + log + admin + callbacks + proxyRules

    /// The settings that have a meaning.
    public static let current: [Setting] = all.filter { !$0.isObsolete }

    /// The settings that only the files of 2007 have.
    public static let obsolete: [Setting] = all.filter(\.isObsolete)

    /// The setting that a key means in a section of a file, if it means any there.
    static func named(_ key: String, in section: Section) -> Setting? {
        byKey[ID(section: section, key: key)]
    }

    /// The settings that a key means in any section.
    static func named(_ key: String) -> [Setting] {
        Section.allCases.compactMap { byKey[ID(section: $0, key: key)] }
    }

    /// The settings under all their keys, present and former. Rules have no key.
    private static let byKey: [ID: Setting] = {
        let pairs = all.filter { $0.id.section != .proxy }.flatMap { setting in
            ([setting.id.key] + setting.aliases).map { (ID(section: setting.id.section, key: $0), setting) }
        }
        return Dictionary(pairs) { first, _ in first }
    }()
}

extension Setting {
    private static let http: [Setting] = [
        Setting(
            .http, "origins", .origins, \.http.origins,
            "The other origins whose pages may have events, such as https://example.org, with commas between them; "
                + "* for any, without cookies."),
        Setting(
            .http, "example", .toggle, \.http.example,
            "Whether there is an example page at /_/, if http.host is of this machine."),
    ]

    private static let transport: [Setting] = [
        Setting(
            .transport, "default", .transport, \.transport.defaultName,
            "The transport of a query URL that names none; a URL with a bar means iframe."),
        Setting(
            .transport, "xhr.timeout", .someSeconds, \.transport.xhrTimeout,
            "How long a poll waits for an event before it is answered empty."),
        Setting(
            .transport, "heartbeat", .someSeconds, \.transport.heartbeat,
            "The silence after which a stream is pinged."),
        Setting(
            .transport, "iframe.max_bytes", .bytes(4096...SettingBound.large), \.transport.iframeMaxBytes,
            "How much an iframe is sent before it is reloaded, since browsers keep it all."),
        Setting(
            .transport, "raw", .toggle, \.transport.allowsRaw,
            "Whether there are the transports that hand bodies to the browser as they are: raw, stream, basic, "
                + "iframe_raw and iframe_alert."),
        Setting(
            obsolete: .transport, "xhr_multipart.boundary", "the boundary is always orbited--; leave the line out"),
    ]

    private static let log: [Setting] = [
        Setting(
            .log, "level", .logLevel, \.log.level,
            "The least level that is logged: trace, debug, info, notice, warning, error or critical."),
        Setting(obsolete: .log, "log.access", insteadOfLogFiles),
        Setting(obsolete: .log, "log.error", insteadOfLogFiles),
        Setting(obsolete: .log, "log.event", insteadOfLogFiles),
        Setting(obsolete: .log, "type", insteadOfLogFiles),
        Setting(obsolete: .log, "location", insteadOfLogFiles),
    ]

    private static let insteadOfLogFiles =
        "redirect the server's output to where the log should go, and choose how much is logged with level in [log]"

    private static let admin: [Setting] = [
        Setting(
            .admin, "port", aliases: ["admin.port"], .port, \.admin.port,
            "The port of the HTTP control API; 0 lets the system choose one, which is logged."),
        Setting(
            .admin, "host", .host, \.admin.host,
            "The address of the HTTP control API."),
    ]

    private static let proxyRules: [Setting] = [
        Setting(
            rules: "prefix -> TARGET",
            "Where paths with this prefix go: ORBITED or http://host[:port]; the first match wins. "
                + "May be repeated; ORBITED_PROXY takes commas between rules.")
    ]
}

/// How large sizes and numbers may be set.
enum SettingBound {
    /// What one buffer can hold: 1 GiB.
    static let buffer = 1_073_741_824
    /// What many buffers hold together: 1 TiB.
    static let large = 1_099_511_627_776
    /// A number of things that no machine holds.
    static let many = 1_000_000_000
}
