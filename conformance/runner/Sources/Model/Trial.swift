/// One run of a case: with one combination of its variables, and what is sent cut in one way.
package struct Trial: Sendable {
    /// How the suite cuts what it sends.
    package enum Cut: Int, Sendable, CaseIterable {
        case whole = 0
        case single = 1
        case double = 2
    }

    package let theCase: Case
    package let variables: [String: String]
    package let cut: Cut

    package init(_ theCase: Case, variables: [String: String] = [:], cut: Cut = .whole) {
        self.theCase = theCase
        self.variables = variables
        self.cut = cut
    }

    /// The case's id, with what tells this run from its others: `id[transport=sse,cut=1]`.
    package var name: String {
        var words = variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        if cut != .whole { words.append("cut=\(cut.rawValue)") }
        return words.isEmpty ? theCase.id : "\(theCase.id)[\(words.joined(separator: ","))]"
    }

    /// What the implementation has to have.
    package var features: Set<String> {
        var features = Set(theCase.features)
        if let transport = variables["transport"] { features.insert(transport) }
        if !theCase.settings.isEmpty { features.insert("settings") }
        if theCase.steps.contains(where: { $0.verb == .server }) { features.insert("process") }
        if theCase.steps.contains(where: { $0.members["to"] == "admin" }) { features.insert("admin") }
        return features
    }
}

extension Case {
    /// All runs of the case.
    package var trials: [Trial] {
        var combinations: [[String: String]] = [[:]]
        for (name, values) in variations.sorted(by: { $0.key < $1.key }) {
            combinations = combinations.flatMap { known in values.map { known.merging([name: $0]) { $1 } } }
        }
        let cuts = isCut ? Trial.Cut.allCases : [.whole]
        return combinations.flatMap { variables in cuts.map { Trial(self, variables: variables, cut: $0) } }
    }
}
