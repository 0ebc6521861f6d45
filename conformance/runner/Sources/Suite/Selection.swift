/// Which trials are run.
package struct Selection: Sendable {
    package enum Cuts: String, Sendable, CaseIterable {
        /// What the suite sends is sent whole only.
        case whole
        /// It is also sent byte by byte, and two by two.
        case all
    }

    /// Patterns of ids; one of them has to match. Empty for all, as are the next two.
    package var ids: [Glob] = []
    /// Ids of requirements; a case has to prove one of them.
    package var requirements: Set<String> = []
    /// Features; a trial has to need one of them.
    package var features: Set<String> = []
    /// The levels of cases.
    package var levels: Set<Case.Level> = Set(Case.Level.allCases)
    package var cuts = Cuts.all

    package init() {}

    package func contains(_ theCase: Case) -> Bool {
        levels.contains(theCase.level)
            && (requirements.isEmpty || !requirements.isDisjoint(with: theCase.requirements))
    }

    package func contains(_ trial: Trial) -> Bool {
        contains(trial.theCase)
            && (ids.isEmpty || ids.contains { $0.matches(trial.theCase.id) || $0.matches(trial.name) })
            && (features.isEmpty || !features.isDisjoint(with: trial.features))
            && (cuts == .all || trial.cut == .whole)
    }

    /// The trials of the cases that are run, in the order of the cases.
    package func trials(of cases: [Case]) -> [Trial] {
        cases.filter(contains).flatMap(\.trials).filter(contains)
    }
}
