/// A scene between the suite and an implementation; see `conformance/cases/README.md`.
package struct Case: Sendable {
    /// Who is tested, by the folder of the case.
    package enum Kind: String, Sendable, CaseIterable {
        case server, client, browser, pair
    }

    /// The strongest word of what a case proves.
    package enum Level: String, Sendable, CaseIterable {
        case must = "MUST"
        case should = "SHOULD"
        case may = "MAY"
    }

    package var kind: Kind
    /// Its file, relative to the folder of the cases.
    package var file: String
    package var id: String
    package var requirements: [String]
    package var level: Level
    package var quote: String
    package var description: String
    package var features: [String]
    /// Settings of the server by their names in the registry.
    package var settings: [String: String]
    /// Names of variables, each with its values: one run for each combination.
    package var variations: [String: [String]]
    /// Whether what is sent is cut into pieces of 1 and 2 bytes, too.
    package var isCut: Bool
    package var isAlone: Bool
    package var steps: [Step]
    /// Cases of one realm have a server, or a time, that no case of another one shares.
    package var realm = ""
    /// Whether the cases of its realm are run one after the other, since they use the same keys.
    package var isSerial = false

    package init(
        kind: Kind, file: String, id: String, requirements: [String], level: Level, quote: String = "",
        description: String = "", features: [String] = [], settings: [String: String] = [:],
        variations: [String: [String]] = [:], isCut: Bool = true, isAlone: Bool = false, steps: [Step]
    ) {
        self.kind = kind
        self.file = file
        self.id = id
        self.requirements = requirements
        self.level = level
        self.quote = quote
        self.description = description
        self.features = features
        self.settings = settings
        self.variations = variations
        self.isCut = isCut
        self.isAlone = isAlone
        self.steps = steps
    }
}
