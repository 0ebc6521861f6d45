/// Reads settings from the flags of a command line: `--http-port 8001` or `--http-port=8001`. Of a flag that is
/// repeated the last counts, except that each `--proxy` adds a rule. A flag that takes 0 or 1 may stand alone for 1.
struct SettingFlags {
    /// The flag that names the file of settings.
    static let configFlag = "--config"

    /// What the flags say.
    private(set) var layer = SettingLayer()

    /// The file that `--config` names.
    private(set) var file: String?

    private var rest: ArraySlice<String>

    private static let byName: [String: Setting] = Dictionary(
        uniqueKeysWithValues: Setting.current.flatMap { setting in setting.flags.map { ($0, setting) } })

    /// Reads `arguments`, without the name of the program.
    init(_ arguments: [String]) {
        rest = arguments[...]
        while let argument = rest.popFirst() {
            if SettingFlags.isFlag(argument) {
                read(argument)
            } else {
                layer.add(problem: "unexpected argument \(argument.quoted): settings are given as --flag value")
            }
        }
    }

    private static func isFlag(_ argument: String) -> Bool { argument.hasPrefix("--") }

    private mutating func read(_ argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let (name, ownValue) = (parts[0], parts.count == 2 ? parts[1] : nil)
        if name == SettingFlags.configFlag {
            file = ownValue ?? nextValue(of: name)
            return
        }
        guard let setting = SettingFlags.byName[name] else {
            layer.add(problem: UnknownName.flag(name))
            // What follows was meant as its value.
            if ownValue == nil, let next = rest.first, !SettingFlags.isFlag(next) { rest.removeFirst() }
            return
        }
        guard let value = ownValue ?? (stands(alone: setting) ? "1" : nextValue(of: name)) else { return }
        layer.set(setting, named: name, to: value, from: .flag(name))
    }

    private func stands(alone setting: Setting) -> Bool {
        guard case .field(let field) = setting.role, field.isSwitch else { return false }
        return rest.first.map(SettingFlags.isFlag) ?? true
    }

    private mutating func nextValue(of name: String) -> String? {
        if let next = rest.first, !SettingFlags.isFlag(next) { return rest.popFirst() }
        layer.add(problem: "\(name) needs a value")
        return nil
    }
}
