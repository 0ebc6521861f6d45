/// What the suite needs of `protocol/registry.json`: codes, limits, settings and transports.
package struct Registry: Sendable {
    /// A code of a malformed frame, or of the fate of a recipient.
    package struct Code: Sendable {
        package var name: String
        /// The sentence, in which `{limit}` stands for the value of the limit with this code.
        package var message: String
    }

    /// A limit or default that an operator can change.
    package struct Setting: Sendable {
        /// As it stands in a file of settings: `[section] key`; nil if it can't be changed.
        package var place: String?
        package var value: String
        package var unit: String
    }

    package private(set) var codes: [Int: Code] = [:]
    package private(set) var settings: [String: Setting] = [:]
    /// The content type of each transport; nil for `ws`.
    package private(set) var contentTypes: [String: String?] = [:]
    /// The transports that are off unless the operator has switched them on.
    package private(set) var rawTransports: Set<String> = []
    private var limitNames: [Int: String] = [:]

    /// Reads the registry.
    ///
    /// - Throws: ``UsageError`` if it lacks something.
    package init(_ value: JSONValue) throws {
        for entry in value["codes"]?.array ?? [] {
            guard let number = entry["code"]?.number, let name = entry["name"]?.string,
                let message = entry["message"]?.string
            else { throw UsageError("protocol/registry.json: a code has no code, name or message: \(entry.text)") }
            codes[Int(number)] = Code(name: name, message: message)
        }
        for entry in (value["limits"]?.array ?? []) + (value["defaults"]?.array ?? []) {
            guard let name = entry["name"]?.string, let value = entry["value"], let unit = entry["unit"]?.string else {
                throw UsageError("protocol/registry.json: a limit or default has no name, value or unit: \(entry.text)")
            }
            settings[name] = Setting(place: entry["setting"]?.string, value: value.plainText, unit: unit)
            if let code = entry["code"]?.number { limitNames[Int(code)] = name }
        }
        for entry in value["transports"]?.array ?? [] {
            guard let name = entry["name"]?.string else {
                throw UsageError("protocol/registry.json: a transport has no name: \(entry.text)")
            }
            contentTypes[name] = .some(entry["contentType"]?.string)
            if entry["raw"]?.bool == true { rawTransports.insert(name) }
        }
        guard !codes.isEmpty, !settings.isEmpty, !contentTypes.isEmpty else {
            throw UsageError("protocol/registry.json: there are no codes, limits, defaults or transports")
        }
    }

    /// The sentence of a code, with the value of its limit.
    ///
    /// - Parameter limits: the limits that are not the defaults, by their names.
    package func message(of code: Int, limits: [String: String] = [:]) -> String? {
        guard let entry = codes[code] else { return nil }
        guard let name = limitNames[code], let limit = limits[name] ?? settings[name]?.value else {
            return entry.message
        }
        return entry.message.replacing("{limit}", with: limit)
    }

    /// The environment variable of a setting: `[section] key` is `ORBITED_SECTION_KEY`, and `[global]` is left out.
    ///
    /// - Parameter name: a name of the registry; `proxy`, which has rules for values, stands for itself.
    /// - Throws: ``UsageError`` if there is no such setting, or it can't be changed.
    package func variable(of name: String) throws -> String {
        if name == "proxy" { return "ORBITED_PROXY" }
        guard let setting = settings[name] else {
            throw UsageError("protocol/registry.json has no limit or default \(name)")
        }
        guard let place = setting.place else { throw UsageError("the registry says that \(name) can't be changed") }
        guard place.hasPrefix("["), let bracket = place.range(of: "] ") else {
            throw UsageError("the setting of \(name) in the registry is not of the form [section] key: \(place)")
        }
        let section = place[..<bracket.lowerBound].dropFirst()
        let words = section == "global" ? [] : [String(section)]
        return (["ORBITED"] + words + [String(place[bracket.upperBound...])]).joined(separator: "_")
            .replacing(".", with: "_").replacing("-", with: "_").uppercased()
    }
}
