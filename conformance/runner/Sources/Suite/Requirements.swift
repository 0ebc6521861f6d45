import Foundation

/// The requirements of the specification, by their ids.
package struct Requirements: Sendable {
    package struct Requirement: Sendable, Hashable, Codable {
        package var id: String
        /// Its page, relative to the folder of the specification.
        package var page: String
        /// Its sentences, without their id, on one line.
        package var text: String

        package init(id: String, page: String, text: String) {
            self.id = id
            self.page = page
            self.text = text
        }

        /// The strongest word in it; nil if it has none.
        package var level: Case.Level? {
            let words = Set(text.split { !$0.isLetter })
            return Case.Level.allCases.first { words.contains(Substring($0.rawValue)) }
        }

        /// The letters and the number of the id, to sort by.
        var order: (String, Int) {
            let parts = id.split(separator: "-")
            return (String(parts.first ?? ""), parts.last.flatMap { Int($0) } ?? 0)
        }
    }

    package private(set) var all: [String: Requirement] = [:]

    package init() {}

    /// Those in the order in which a reader expects them: by page, and then by number.
    package var sorted: [Requirement] {
        all.values.sorted { ($0.order.0, $0.order.1) < ($1.order.0, $1.order.1) }
    }

    package subscript(_ id: String) -> Requirement? { all[id] }

    package mutating func add(_ requirement: Requirement) { all[requirement.id] = requirement }

    /// Reads one page: a requirement is an item of a list that begins with its id in brackets, with all its lines.
    package mutating func read(_ text: String, page: String) {
        var current: Requirement?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let start = line.firstMatch(of: /^\s*- \[([A-Z]{3}-[0-9]+)\] (.*)$/) {
                if let current { add(current) }
                current = Requirement(id: String(start.1), page: page, text: String(start.2))
            } else if var open = current, line.hasPrefix("  "), !Self.beginsOther(line.trimmed) {
                open.text += " " + line.trimmed
                current = open
            } else if let done = current {
                add(done)
                current = nil
            }
        }
        if let current { add(current) }
    }

    private static func beginsOther(_ line: String) -> Bool {
        line.isEmpty || line.hasPrefix("- ") || line.hasPrefix("* ") || line.hasPrefix("|") || line.hasPrefix("```")
    }
}
