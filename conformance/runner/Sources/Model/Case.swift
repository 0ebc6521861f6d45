/// A scene between the suite and an implementation; see `conformance/cases/README.md`.
public struct Case: Sendable {
    /// Who is tested, by the folder of the case.
    public enum Kind: String, Sendable, CaseIterable {
        case server, client, browser, pair
    }

    /// The strongest word of what a case proves.
    public enum Level: String, Sendable, CaseIterable {
        case must = "MUST"
        case should = "SHOULD"
        case may = "MAY"
    }

    public var kind: Kind
    /// Its file, relative to the folder of the cases.
    public var file: String
    public var id: String
    public var requirements: [String]
    public var level: Level
    public var quote: String
    public var description: String
    public var features: [String]
    /// Settings of the server by their names in the registry.
    public var settings: [String: String]
    /// Names of variables, each with its values: one run for each combination.
    public var variations: [String: [String]]
    /// Whether what is sent is cut into pieces of 1 and 2 bytes, too.
    public var isCut: Bool
    public var isAlone: Bool
    public var steps: [Step]
    /// Cases of one realm have a server, or a time, that no case of another one shares.
    public var realm = ""
    /// Whether the cases of its realm are run one after the other, since they use the same keys.
    public var isSerial = false

    public init(
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
