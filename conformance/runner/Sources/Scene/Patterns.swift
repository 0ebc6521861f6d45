import Foundation

/// How values are compared with the patterns of a case.
struct Patterns: Sendable {
    /// Where a value differs from its pattern.
    struct Mismatch: Error, Hashable {
        /// The way to it, such as `headers.id` or `[2].event`; empty if it is the value itself.
        var path: String
        var expected: String
        var got: String
    }

    /// The variables that the patterns use, and those that they have saved.
    private(set) var variables: Variables

    init(_ variables: Variables = Variables()) { self.variables = variables }

    /// Gives a variable a value, whatever it had.
    mutating func setVariable(_ name: String, _ value: JSONValue) { variables[name] = value }

    /// Compares a value with a pattern; on a match what it saves becomes a variable.
    ///
    /// - Parameter value: nil stands for a member that is not there.
    /// - Throws: ``Mismatch``, or ``Difference`` if the pattern can't be used.
    mutating func match(_ pattern: JSONValue, _ value: JSONValue?) throws {
        var attempt = self
        try attempt.compare(pattern, value, "")
        self = attempt
    }

    private mutating func compare(_ pattern: JSONValue, _ value: JSONValue?, _ path: String) throws {
        if case .object(let members) = pattern, let special = Special(members) {
            return try compare(special, pattern, value, path)
        }
        guard let value else {
            throw Mismatch(path: path, expected: try variables.value(pattern).text, got: "nothing")
        }
        switch (pattern, value) {
        case (.string(let text), _):
            let saved = try variables.variable(text)
            guard try value == saved || value == .string(variables.text(text)) else {
                throw Mismatch(path: path, expected: try (saved ?? .string(variables.text(text))).text, got: value.text)
            }
        case (.array(let patterns), .array(let items)):
            try compare(patterns, items, path)
        case (.object(let patterns), .object(let members)):
            for (name, pattern) in Self.inOrder(patterns) {
                try compare(pattern, members[name], path.isEmpty ? name : "\(path).\(name)")
            }
        default:
            guard pattern == value else { throw mismatch(path, pattern, value) }
        }
    }

    /// What tells most comes first: a status or a word, and then what it brings with it.
    private static func inOrder(_ patterns: [String: JSONValue]) -> [(String, JSONValue)] {
        func rank(_ pattern: JSONValue) -> Int { pattern.object == nil && pattern.array == nil ? 0 : 1 }
        return patterns.sorted { (rank($0.value), $0.key) < (rank($1.value), $1.key) }.map { ($0.key, $0.value) }
    }

    private mutating func compare(_ patterns: [JSONValue], _ items: [JSONValue], _ path: String) throws {
        guard patterns.count == items.count else {
            throw Mismatch(
                path: path, expected: "\(count(patterns.count)): \(JSONValue.array(patterns).text)",
                got: "\(count(items.count)): \(JSONValue.array(items).text)")
        }
        for (index, (pattern, item)) in zip(patterns, items).enumerated() {
            try compare(pattern, item, "\(path)[\(index)]")
        }
    }

    private func mismatch(_ path: String, _ pattern: JSONValue, _ value: JSONValue?) -> Mismatch {
        let expected = (try? variables.value(pattern)) ?? pattern
        return Mismatch(path: path, expected: expected.text, got: value?.text ?? "nothing")
    }

    private func count(_ count: Int) -> String { "a list of \(count)" }
}

// MARK: - Patterns that match otherwise

extension Patterns {
    /// The objects that are no plain objects as patterns.
    private enum Special {
        case any
        case absent
        case match(String)
        case save(String, matching: String?)
        case oneOf([JSONValue])
        case not(JSONValue)
        case unordered([JSONValue])
        case json(JSONValue)
        case contains(String)

        init?(_ members: [String: JSONValue]) {
            if members.count == 2, let name = members["save"]?.string, let pattern = members["match"]?.string {
                self = .save(name, matching: pattern)
                return
            }
            guard members.count == 1, let (word, value) = members.first else { return nil }
            switch (word, value) {
            case ("any", .bool(true)): self = .any
            case ("absent", .bool(true)): self = .absent
            case ("match", .string(let pattern)): self = .match(pattern)
            case ("save", .string(let name)): self = .save(name, matching: nil)
            case ("in", .array(let patterns)): self = .oneOf(patterns)
            case ("not", let pattern): self = .not(pattern)
            case ("unordered", .array(let patterns)): self = .unordered(patterns)
            case ("json", let pattern): self = .json(pattern)
            case ("contains", .string(let text)): self = .contains(text)
            default: return nil
            }
        }
    }

    private mutating func compare(
        _ special: Special, _ pattern: JSONValue, _ value: JSONValue?, _ path: String
    ) throws {
        switch special {
        case .any:
            guard value != nil else { throw mismatch(path, "anything", value) }
        case .absent:
            guard value == nil else { throw mismatch(path, "nothing", value) }
        case .match(let text):
            guard try isWhole(value, text) else { throw mismatch(path, pattern, value) }
        case .save(let name, let text):
            guard let value else { throw mismatch(path, pattern, value) }
            if let text, try !isWhole(value, text) { throw mismatch(path, pattern, value) }
            variables[name] = value
        case .oneOf(let patterns):
            guard try matchesOne(of: patterns, value, path) else { throw mismatch(path, pattern, value) }
        case .not(let inner):
            guard value != nil, try !matchesOne(of: [inner], value, path) else { throw mismatch(path, pattern, value) }
        case .unordered(let patterns):
            guard case .array(let items)? = value else { throw mismatch(path, pattern, value) }
            try compareUnordered(patterns, items, path)
        case .json(let inner):
            guard let text = value?.string, let json = try? JSONValue(parsing: text.utf8)
            else { throw mismatch(path, "JSON text", value) }
            try compare(inner, json, path)
        case .contains(let text):
            let text = try variables.text(text)
            guard let value = value?.string, value.utf8.contains(subsequence: text.utf8) else {
                throw mismatch(path, "text that holds \(JSONValue.string(text).text)", value)
            }
        }
    }

    private func mismatch(_ path: String, _ expected: String, _ value: JSONValue?) -> Mismatch {
        Mismatch(path: path, expected: expected, got: value?.text ?? "nothing")
    }

    /// Whether the value is text of which the whole is as the regular expression says.
    private func isWhole(_ value: JSONValue?, _ expression: String) throws -> Bool {
        let expression = try variables.text(expression, escape: NSRegularExpression.escapedPattern)
        guard let compiled = try? NSRegularExpression(pattern: "\\A(?:\(expression))\\z") else {
            throw Difference("the case has a regular expression that can't be read", got: expression)
        }
        guard let text = value?.string else { return false }
        return compiled.firstMatch(in: text, range: NSRange(location: 0, length: text.utf16.count)) != nil
    }

    private mutating func matchesOne(of patterns: [JSONValue], _ value: JSONValue?, _ path: String) throws -> Bool {
        for pattern in patterns {
            var attempt = self
            do {
                try attempt.compare(pattern, value, path)
            } catch is Mismatch {
                continue
            }
            self = attempt
            return true
        }
        return false
    }

    private mutating func compareUnordered(_ patterns: [JSONValue], _ items: [JSONValue], _ path: String) throws {
        guard patterns.count == items.count else {
            throw Mismatch(
                path: path, expected: "\(count(patterns.count)) in any order: \(JSONValue.array(patterns).text)",
                got: "\(count(items.count)): \(JSONValue.array(items).text)")
        }
        var rest = patterns
        for (index, item) in items.enumerated() {
            guard try take(oneOf: &rest, item, path) else {
                throw Mismatch(
                    path: "\(path)[\(index)]", expected: "one of \(JSONValue.array(rest).text)", got: item.text)
            }
        }
    }

    /// Takes the first pattern that matches the item.
    private mutating func take(oneOf patterns: inout [JSONValue], _ item: JSONValue, _ path: String) throws -> Bool {
        for (index, pattern) in patterns.enumerated() where try matchesOne(of: [pattern], item, path) {
            patterns.remove(at: index)
            return true
        }
        return false
    }
}

extension Collection where Element == UInt8 {
    /// Whether the bytes stand somewhere in these.
    func contains(subsequence other: some Collection<UInt8>) -> Bool { firstRange(of: other) != nil || other.isEmpty }
}

extension Patterns.Mismatch {
    /// Where it is, in words: ` at headers.id`, or nothing.
    var place: String { path.isEmpty ? "" : " at \(path)" }
}
