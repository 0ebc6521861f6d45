extension Setting {
    /// The names of the flag, the present one first; none for a setting without meaning.
    public var flags: [String] {
        switch role {
        case .field: ([id.key] + aliases).map { "--" + qualified($0, by: "-") }
        case .rules: ["--" + id.section.rawValue]
        case .obsolete: []
        }
    }

    /// The names of the environment variable, the present one first; none for a setting without meaning.
    public var variables: [String] {
        switch role {
        case .field: ([id.key] + aliases).map { Setting.variablePrefix + qualified($0, by: "_").uppercased() }
        case .rules: [Setting.variablePrefix + id.section.rawValue.uppercased()]
        case .obsolete: []
        }
    }

    /// The name of the flag; none for a setting without meaning.
    public var flag: String? { flags.first }

    /// The name of the environment variable; none for a setting without meaning.
    public var variable: String? { variables.first }

    /// What the names of all environment variables of the server begin with.
    static let variablePrefix = "ORBITED_"

    /// Whether the setting had a meaning in 2007 and has none now.
    public var isObsolete: Bool {
        switch role {
        case .obsolete: true
        case .field, .rules: false
        }
    }

    /// What a configuration that was told nothing has; none for a setting without meaning.
    public var defaultText: String? {
        switch role {
        case .field(let field): field.defaultNote ?? field.value(in: Configuration())
        case .rules: "none"
        case .obsolete: nil
        }
    }

    /// The keys of [global] stand for themselves; others have their section's name before them.
    private func qualified(_ key: String, by separator: Character) -> String {
        let words = key.map { $0 == "." || $0 == "_" ? separator : $0 }
        return id.section == .global ? String(words) : id.section.rawValue + String(separator) + String(words)
    }
}
