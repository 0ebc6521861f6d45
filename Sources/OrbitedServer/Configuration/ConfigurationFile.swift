/// Reads the text of a file of settings, in the format of 2007: `[section]`, `key = value`, proxy rules
/// `prefix -> TARGET`, and comments that begin with `#` at the start of a line or after white space.
struct ConfigurationFile {
    /// How many faults are named; a file with more is not a file of settings.
    static let mostProblems = 100

    /// What the file says.
    private(set) var layer = SettingLayer()

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private enum Place {
        case beforeSections, unknownSection, section(Setting.Section)
    }

    private let name: String
    private var line = 0
    private var place = Place.beforeSections
    private var firstLines: [Setting.ID: Int] = [:]

    /// Reads `bytes`, which messages call `name`.
    init(_ bytes: [UInt8], name: String) {
        self.name = name
        let text = bytes.dropFirst(bytes.starts(with: ConfigurationFile.byteOrderMark) ? 3 : 0)
        for bytes in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            line += 1
            guard layer.problems.count < ConfigurationFile.mostProblems else {
                layer.add(problem: "\(name): there may be more faults from line \(line) on")
                break
            }
            read(bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes)
        }
    }

    private var origin: SettingOrigin { .file(name: name, line: line) }

    private mutating func fail(_ problem: String) { layer.add(problem: "\(origin): \(problem)") }

    private mutating func read(_ bytes: ArraySlice<UInt8>) {
        guard let whole = String(validating: bytes, as: UTF8.self) else { return fail("the line is not UTF-8") }
        let text = ConfigurationFile.withoutComment(whole).trimmed
        guard !text.isEmpty else { return }
        guard !text.replacing("\t", with: " ").hasControlCharacter else {
            return fail("\(text.quoted) holds a control character")
        }
        if text.hasPrefix("[") { return enterSection(text) }
        switch place {
        case .beforeSections: fail("\(text.quoted) stands before the first section, such as [global]")
        case .unknownSection: break
        case .section(.proxy): readRule(text)
        case .section(let section): readSetting(text, in: section)
        }
    }

    private static func withoutComment(_ line: String) -> Substring {
        var afterBlank = true
        for index in line.unicodeScalars.indices {
            let character = line.unicodeScalars[index]
            if character == "#" && afterBlank { return line[..<index] }
            afterBlank = character == " " || character == "\t"
        }
        return line[...]
    }

    private mutating func enterSection(_ text: String) {
        place = .unknownSection
        guard text.hasSuffix("]") else { return fail("a section is a name in [brackets], not \(text.quoted)") }
        let name = text.dropFirst().dropLast().trimmed
        guard let section = Setting.Section(rawValue: name) else {
            return fail(UnknownName.section(name))
        }
        place = .section(section)
        if section == .proxy { layer.speakOfRules() }
    }

    private mutating func readRule(_ text: String) {
        let key = text.prefix { $0 != "=" }.trimmed
        if !text.contains("->"), UnknownName.home(of: key) != nil {
            return fail(UnknownName.key(key, in: .proxy))
        }
        layer.addRule(text, from: origin)
    }

    private mutating func readSetting(_ text: String, in section: Setting.Section) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(\.trimmed)
        guard parts.count == 2, !parts[0].isEmpty else {
            let hint = text.contains("->") ? "; proxy rules belong to [proxy]" : ""
            return fail("a setting is \"key = value\", not \(text.quoted)\(hint)")
        }
        let key = parts[0]
        // A key of 2007 without meaning does no harm in the wrong section either.
        let setting = Setting.named(key, in: section) ?? Setting.named(key).first(where: \.isObsolete)
        guard let setting else { return fail(UnknownName.key(key, in: section)) }
        if !setting.isObsolete, let first = firstLines.updateValue(line, forKey: setting.id) {
            firstLines[setting.id] = first
            return fail("\(key.quoted) in [\(section)] is set twice: line \(first) sets it already")
        }
        layer.set(setting, named: key, to: parts[1], from: origin)
    }
}
