extension LoadedConfiguration {
    /// Each setting with its value and, behind a `#`, where the value came from. It reads like a file.
    public func effectiveSettings() -> String {
        var text = ""
        for section in Setting.Section.allCases {
            let shown = lines(of: section)
            guard !shown.isEmpty else { continue }
            let width = shown.map(\.line.count).max() ?? 0
            text += (text.isEmpty ? "" : "\n") + "[\(section)]\n"
            for (line, origin) in shown {
                text += line + String(repeating: " ", count: width - line.count) + "  # \(origin)\n"
            }
        }
        return text
    }

    private func lines(of section: Setting.Section) -> [(line: String, origin: SettingOrigin)] {
        Setting.current.filter { $0.id.section == section }.flatMap { setting -> [(String, SettingOrigin)] in
            switch setting.role {
            case .field(let field):
                [("\(setting.id.key) = \(field.value(in: configuration))", origin(of: setting.id))]
            case .rules:
                rules.map { ($0.text, $0.origin) }
            case .obsolete:
                []
            }
        }
    }
}
