import Foundation

/// The variables of one trial, by their names.
struct Variables: Hashable, Sendable {
    private var values: [String: JSONValue] = [:]

    init(_ values: [String: String] = [:]) { self.values = values.mapValues { .string($0) } }

    subscript(_ name: String) -> JSONValue? {
        get { values[name] }
        set { values[name] = newValue }
    }

    mutating func merge(_ others: [String: JSONValue]) {
        values.merge(others) { $1 }
    }

    /// The text with each `${name}` replaced, and `$$` by a dollar sign.
    ///
    /// - Parameter escape: what is made of a value before it is put in.
    /// - Throws: ``Difference`` if there is no variable of that name.
    func text(_ text: String, escape: (String) -> String = { $0 }) throws -> String {
        guard text.contains("$") else { return text }
        var result = ""
        var rest = Substring(text)
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[dollar...].dropFirst()
            if rest.first == "$" {
                result += "$"
                rest = rest.dropFirst()
            } else if rest.first == "{", let brace = rest.firstIndex(of: "}") {
                let name = String(rest[..<brace].dropFirst())
                result += escape(try value(of: name).plainText)
                rest = rest[brace...].dropFirst()
            } else {
                result += "$"
            }
        }
        return result + rest
    }

    /// The value with the variables of all its texts replaced; a text that is one variable only becomes its value.
    ///
    /// - Throws: ``Difference`` if there is no variable of that name.
    func value(_ value: JSONValue) throws -> JSONValue {
        switch value {
        case .null, .bool, .number: value
        case .string(let text): try variable(text) ?? .string(self.text(text))
        case .array(let items): .array(try items.map(self.value))
        case .object(let members): .object(try members.mapValues(self.value))
        }
    }

    /// The value of the variable, if the text is one and nothing else.
    func variable(_ text: String) throws -> JSONValue? {
        guard text.hasPrefix("${"), let brace = text.firstIndex(of: "}"), text.index(after: brace) == text.endIndex
        else { return nil }
        return try value(of: String(text[..<brace].dropFirst(2)))
    }

    private func value(of name: String) throws -> JSONValue {
        guard let value = values[name] else {
            throw Difference(
                "the case has no variable ${\(name)}", expected: values.keys.sorted().joined(separator: ", "))
        }
        return value
    }
}

extension JSONValue {
    /// Text as it is, and anything else as JSON.
    var plainText: String { string ?? text }
}
