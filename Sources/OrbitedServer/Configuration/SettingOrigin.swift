/// Where the value of a setting came from.
public enum SettingOrigin: Sendable, Equatable, CustomStringConvertible {
    /// Nobody set it.
    case `default`
    /// A line of a file; the first line is 1.
    case file(name: String, line: Int)
    /// An environment variable.
    case environment(variable: String)
    /// A flag of the command line.
    case flag(String)
    /// Nobody set it, and there are proxy rules.
    case impliedByRules

    /// Where, in a word: `orbited.cfg:12`, `--http-port`, `ORBITED_HTTP_PORT`.
    public var description: String {
        switch self {
        case .default: "default"
        case .file(let name, let line): "\(name):\(line)"
        case .environment(let variable): variable
        case .flag(let flag): flag
        case .impliedByRules: "because there are proxy rules"
        }
    }

    /// The beginning of a sentence about a setting: it leads to the place, and names the setting as it is named there.
    func subject(_ key: String) -> String {
        switch self {
        case .default, .impliedByRules: key.quoted
        case .file: "\(self): \(key.quoted)"
        case .environment, .flag: description
        }
    }
}
