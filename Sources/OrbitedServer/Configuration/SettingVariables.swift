/// Reads settings from the environment: all variables whose names begin with `ORBITED_`.
struct SettingVariables {
    /// The variable that names the file of settings.
    static let configVariable = "ORBITED_CONFIG"

    /// What the variables say.
    private(set) var layer = SettingLayer()

    /// The file that `ORBITED_CONFIG` names.
    private(set) var file: String?

    private static let byName: [String: Setting] = Dictionary(
        uniqueKeysWithValues: Setting.current.flatMap { setting in setting.variables.map { ($0, setting) } })

    /// Reads the variables of `environment`, by name, so that messages come in the same order each time.
    init(_ environment: [String: String]) {
        var names: [Setting.ID: String] = [:]
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix(Setting.variablePrefix) {
            if name == SettingVariables.configVariable {
                file = value
            } else if let setting = SettingVariables.byName[name] {
                if let other = names.updateValue(name, forKey: setting.id) {
                    layer.add(problem: "\(other) and \(name) are two names of one setting: set only one of them")
                }
                read(setting, named: name, value)
            } else {
                // Only a warning: others set such variables too, as Kubernetes does for a service named orbited.
                layer.add(warning: UnknownName.variable(name))
            }
        }
    }

    private mutating func read(_ setting: Setting, named name: String, _ value: String) {
        switch setting.role {
        case .field, .obsolete:
            layer.set(setting, named: name, to: value, from: .environment(variable: name))
        case .rules:
            layer.speakOfRules()
            for rule in value.split(whereSeparator: { $0 == "," || $0.isNewline }) where !rule.trimmed.isEmpty {
                layer.addRule(String(rule), from: .environment(variable: name))
            }
        }
    }
}
