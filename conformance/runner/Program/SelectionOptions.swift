import ArgumentParser
import OrbitedConformance

extension Case.Level: ExpressibleByArgument {
    /// Reads a level, in capital letters or not.
    package init?(argument: String) { self.init(rawValue: argument.uppercased()) }
}

extension Selection.Cuts: ExpressibleByArgument {}

/// Which cases are meant.
struct SelectionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Only cases with such an id; * and ? stand for others. May be repeated.", valueName: "glob"))
    var id: [String] = []

    @Option(
        help: ArgumentHelp("Only cases that prove this requirement, such as CTL-34. May be repeated.", valueName: "id"))
    var requirement: [String] = []

    @Option(help: ArgumentHelp("Only cases that need this feature. May be repeated.", valueName: "name"))
    var feature: [String] = []

    @Option(help: "Only cases of this level: MUST, SHOULD or MAY. May be repeated.")
    var level: [Case.Level] = []

    @Option(help: "Whether what the suite sends is also cut into pieces of one and two bytes: all, or whole for not.")
    var cuts = Selection.Cuts.all

    func selection(_ folder: SuiteFolder) throws -> Selection {
        var selection = Selection()
        selection.ids = id.map(Glob.init)
        selection.features = try folder.features.resolve(feature)
        if !level.isEmpty { selection.levels = Set(level) }
        selection.cuts = cuts
        for name in requirement where folder.requirements[name] == nil {
            throw UsageError("no page of the specification has a requirement \(name)")
        }
        selection.requirements = Set(requirement)
        return selection
    }
}
