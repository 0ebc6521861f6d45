/// What the implementation is said to have, and to lack.
package struct Features: Sendable {
    /// The names of features, each with what it is, as `conformance/features.json` has them.
    package let known: [String: String]
    /// Names that stand for several features.
    package let sets: [String: [String]]
    /// Nil stands for all.
    private var present: Set<String>?
    private var missing: Set<String> = []

    package init(known: [String: String], sets: [String: [String]]) {
        self.known = known
        self.sets = sets
    }

    /// Reads `conformance/features.json`.
    ///
    /// - Throws: ``UsageError``
    package init(_ value: JSONValue) throws {
        guard let features = value["features"]?.object, let sets = value["sets"]?.object else {
            throw UsageError("conformance/features.json has no features or no sets")
        }
        self.init(
            known: features.compactMapValues(\.string),
            sets: sets.mapValues { ($0.array ?? []).compactMap(\.string) })
    }

    /// Says what there is: nothing but these features, and those that the suite itself brings.
    package mutating func declare(_ names: [String]) throws {
        guard !names.isEmpty else { return }
        present = (present ?? []).union(try resolve(names))
    }

    /// Says what is missing.
    package mutating func exclude(_ names: [String]) throws { missing.formUnion(try resolve(names)) }

    /// Takes away what the way in which the suite was called does not allow.
    package mutating func suiteLacks(_ name: String) { missing.insert(name) }

    /// Those of the features that are not there, sorted.
    package func lacking(of features: Set<String>) -> [String] {
        features.filter { name in
            if missing.contains(name) { return true }
            return present.map { !$0.contains(name) && !Self.ofSuite.contains(name) } ?? false
        }.sorted()
    }

    /// What the suite brings, and no implementation has to name.
    private static let ofSuite: Set<String> = ["settings", "process"]

    /// The features behind names, lists with commas and sets.
    ///
    /// - Throws: ``UsageError`` if a name is not known.
    package func resolve(_ names: [String]) throws -> Set<String> {
        var result: Set<String> = []
        for name in names.flatMap({ $0.split(separator: ",") }).map(String.init) {
            if let set = sets[name] {
                result.formUnion(set)
            } else if known[name] != nil {
                result.insert(name)
            } else {
                let all = (known.keys.sorted() + sets.keys.sorted()).joined(separator: ", ")
                throw UsageError("there is no feature \(name); there are \(all)")
            }
        }
        return result
    }
}

extension Features {
    /// The features that are of clients, and not of the server that they speak to.
    package static let ofClients: Set<String> = [
        "orbit-1.0", "orbit-1.1", "auth", "watch", "retry", "queue", "reconnect", "browser", "heartbeat",
    ]

    /// Takes away what an adapter did not name.
    ///
    /// - Throws: ``UsageError`` if it names what there is not: with a slip of the pen its cases would be skipped.
    package mutating func restrict(toClient greeting: AdapterGreeting) throws {
        try check(greeting)
        for name in Self.ofClients.subtracting(greeting.features) { suiteLacks(name) }
    }

    /// The same for the adapter of a library for pages, which may also name the transports that it has.
    package mutating func restrict(toBrowser greeting: AdapterGreeting) throws {
        try check(greeting)
        if !greeting.features.contains("browser") { suiteLacks("browser") }
    }

    private func check(_ greeting: AdapterGreeting) throws {
        let unknown = greeting.features.filter { known[$0] == nil }.sorted()
        guard unknown.isEmpty else {
            throw UsageError(
                "the adapter of \(greeting.name) names features that there are not: \(unknown.joined(separator: ", ")); "
                    + "there are \(known.keys.sorted().joined(separator: ", "))")
        }
    }
}
