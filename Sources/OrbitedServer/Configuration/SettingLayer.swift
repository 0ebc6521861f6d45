import OrbitedProxy

/// What one source — the file, the environment or the flags — says, checked value by value.
struct SettingLayer {
    /// A value for a setting.
    struct Change {
        let id: Setting.ID
        let origin: SettingOrigin
        let apply: @Sendable (inout Configuration) -> Void
    }

    /// The values, in the order in which they were given.
    private(set) var changes: [Change] = []

    /// The proxy rules; nil if the source does not speak of any.
    private(set) var rules: [LoadedConfiguration.Rule]?

    /// What is wrong, a sentence each.
    private(set) var problems: [String] = []

    /// What the person who wrote it should know, a sentence each.
    private(set) var warnings: [String] = []

    /// Takes a value for `setting`, which is called `name` in this source.
    mutating func set(_ setting: Setting, named name: String, to text: String, from origin: SettingOrigin) {
        switch setting.role {
        case .field(let field):
            guard let parsed = field.parsed(text.trimmed) else {
                let found = text.trimmed.isEmpty ? "and has no value" : "not \(text.trimmed.quoted)"
                let hint = field.correction(text.trimmed).map { "; did you mean \($0.quoted)?" } ?? ""
                return add(problem: "\(origin.subject(name)) must be \(field.requirement), \(found)\(hint)")
            }
            changes.append(Change(id: setting.id, origin: origin, apply: parsed.apply))
            if let advice = parsed.advice { add(warning: "\(origin.subject(name)): \(advice)") }
        case .rules:
            addRule(text, from: origin)
        case .obsolete(let advice):
            add(warning: "\(origin.subject(name)) has no meaning any more: \(advice)")
        }
    }

    /// Takes a proxy rule.
    mutating func addRule(_ text: String, from origin: SettingOrigin) {
        speakOfRules()
        do throws(ProxyRuleError) {
            let rule = try ProxyRule(parsing: text.trimmed)
            rules?.append(LoadedConfiguration.Rule(rule: rule, text: text.trimmed, origin: origin))
        } catch {
            add(problem: "\(origin): \(error.description.printable(upTo: 400))")
        }
    }

    /// Notes that the rules of this source count, even if there are none.
    mutating func speakOfRules() {
        rules = rules ?? []
    }

    /// Notes a fault.
    mutating func add(problem: String) { problems.append(problem) }

    /// Notes what should be known.
    mutating func add(warning: String) { warnings.append(warning) }
}
