extension Setting {
    /// The settings as tables in Markdown: those that have a meaning, then those that only files of 2007 have.
    public static func markdownTable() -> String {
        let titles = ["Setting", "Flag", "Environment", "Default", "Meaning"]
        var text = row(titles) + row(titles.map { _ in "---" })
        text += row([
            "the file", code(SettingFlags.configFlag), code(SettingVariables.configVariable),
            code(ConfigurationLoader.defaultFile), configHelp,
        ])
        for setting in current {
            text += row([
                setting.markdownName, code(setting.flag ?? ""), code(setting.variable ?? ""), setting.defaultWithUnit,
                setting.help,
            ])
        }
        text += "\n" + row(["Setting of 2007", "What to do instead"]) + row(["---", "---"])
        for setting in obsolete {
            text += row([setting.markdownName, setting.help])
        }
        return text
    }

    private var markdownName: String {
        let formerly = aliases.map { " or " + Setting.code($0) }.joined()
        return Setting.code("[\(id.section)] \(id.key)") + formerly
    }

    private static func code(_ text: String) -> String { "`\(text)`" }

    private static func row(_ cells: [String]) -> String {
        "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
    }
}
