extension Setting {
    /// The settings as the command line's help shows them: section by section, each with its flag, what it does and
    /// its default.
    public static func helpText() -> String {
        var text = """
            Settings come from flags, then from environment variables (--http-port is ORBITED_HTTP_PORT there), then
            from a file, then from the defaults. Flags that take 0 or 1 mean 1 when they stand alone.

              \(SettingFlags.configFlag) <file>  (default: \(ConfigurationLoader.defaultFile))
                  \(configHelp)

            """
        for section in Section.allCases {
            let settings = current.filter { $0.id.section == section }
            guard !settings.isEmpty else { continue }
            text += "\n\(section.title), [\(section)] in the file:\n"
            for setting in settings { text += setting.helpEntry }
        }
        return text
    }

    /// What `--config` and `ORBITED_CONFIG` do.
    static let configHelp =
        "The file of settings; the default, in the current folder, may be missing."

    private var helpEntry: String {
        guard let flag else { return "" }
        return "  \(flag) <\(valueName)>  (default: \(defaultWithUnit))\n      \(help)\n"
    }

    private var valueName: String {
        switch role {
        case .field(let field): field.unit ?? field.kind
        case .rules: "rule"
        case .obsolete: ""
        }
    }

    /// The default with its unit, if it has one: `5 seconds`.
    var defaultWithUnit: String {
        let text = defaultText ?? ""
        guard case .field(let field) = role, let unit = field.unit else { return text }
        let isOne = text == "1" && unit.hasSuffix("s")
        return "\(text) \(unit == "retries" && isOne ? "retry" : isOne ? String(unit.dropLast()) : unit)"
    }
}
