/// Sentences about names that mean nothing where they stand.
enum UnknownName {
    /// About a section of a file.
    static func section(_ name: String) -> String {
        let known = Setting.Section.allCases.map(\.rawValue)
        if let nearest = NearestName.name(nearest: name, among: known) {
            return "unknown section [\(name.printable(upTo: 80))]; did you mean [\(nearest)]?"
        }
        let list = known.map { "[\($0)]" }.joined(separator: ", ")
        return "unknown section [\(name.printable(upTo: 80))]; there are \(list)"
    }

    /// About a key of a file, in a section that does not have it.
    static func key(_ key: String, in section: Setting.Section) -> String {
        if let home = home(of: key) { return "\(key.quoted) belongs to [\(home)], not to [\(section)]" }
        let unknown = "unknown key \(key.quoted) in [\(section)]"
        if let nearest = NearestName.name(nearest: key, among: keys { $0 == section }) {
            return "\(unknown); did you mean \(nearest.quoted)?"
        }
        if let nearest = NearestName.name(nearest: key, among: keys { $0 != section }),
            let home = home(of: nearest)
        {
            return "\(unknown); did you mean \(nearest.quoted) in [\(home)]?"
        }
        return unknown
    }

    /// The section in which a key has a meaning, if there is one.
    static func home(of key: String) -> Setting.Section? {
        Setting.named(key).first { !$0.isObsolete }?.id.section
    }

    /// About a flag.
    static func flag(_ name: String) -> String {
        let known = Setting.current.flatMap(\.flags) + [SettingFlags.configFlag]
        return "unknown flag \(name.quoted)" + suggestion(NearestName.name(nearest: name, among: known))
    }

    /// About an environment variable.
    static func variable(_ name: String) -> String {
        let known = Setting.current.flatMap(\.variables) + [SettingVariables.configVariable]
        let bare = String(name.dropFirst(Setting.variablePrefix.count))
        let nearest = NearestName.name(nearest: name, among: known) ?? NearestName.name(nearest: bare, among: known)
        return "unknown environment variable \(name.quoted)" + suggestion(nearest)
    }

    private static func suggestion(_ name: String?) -> String {
        name.map { "; did you mean \($0.quoted)?" } ?? ""
    }

    /// The keys that can be meant, of the sections that `isIncluded` names.
    private static func keys(_ isIncluded: (Setting.Section) -> Bool) -> [String] {
        Setting.current.filter { $0.id.section != .proxy && isIncluded($0.id.section) }
            .flatMap { [$0.id.key] + $0.aliases }
    }
}
