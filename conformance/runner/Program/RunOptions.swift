import ArgumentParser
import Foundation
import OrbitedConformance

/// How a run goes, and what is told of it.
struct RunOptions: ParsableArguments {
    @OptionGroup(title: "Where the suite is")
    var folders: FolderOptions

    @OptionGroup(title: "Which cases")
    var which: SelectionOptions

    @Option(
        help: ArgumentHelp(
            "What the implementation has, with commas between features; a set such as core stands for several. May be "
                + "repeated. (default: everything)", valueName: "features"))
    var has: [String] = []

    @Option(
        help: ArgumentHelp(
            "What the implementation lacks: its cases are skipped, and counted. May be repeated.",
            valueName: "features"))
    var without: [String] = []

    @Option(help: "How many trials are run at a time. (default: 32, and 8 with adapters)")
    var parallel: Int?

    @Option(help: "What the order of the trials is made of; it is printed. (default: another one each time)")
    var seed: UInt64?

    @Option(help: "By what the patience with the implementation is multiplied, for slow machines.")
    var scale = 1.0

    @Option(help: "How many seconds one trial may take.")
    var timeout = 60.0

    @Option(
        help: ArgumentHelp(
            "A file of ids, one a line, that are known to fail: then the run fails only if one of them passes. * and ? "
                + "stand for others, and # begins a comment.", valueName: "file"))
    var knownFailing: String?

    @Option(help: "What the reports call the implementation.")
    var name: String?

    @Option(help: ArgumentHelp("Write a report as JSON, for matrix and for other programs.", valueName: "file"))
    var json: String?

    @Option(help: ArgumentHelp("Write a report as JUnit XML.", valueName: "file"))
    var junit: String?

    @Option(help: ArgumentHelp("Write a report as one page of HTML.", valueName: "file"))
    var html: String?

    @Flag(name: .shortAndLong, help: "Show no progress, and nothing at the end if all has passed.")
    var quiet = false

    func validate() throws {
        if let parallel, parallel < 1 { throw ValidationError("--parallel has to be 1 or more") }
        guard scale >= 1 else { throw ValidationError("--scale has to be 1 or more") }
        guard timeout > 0 else { throw ValidationError("--timeout has to be more than 0") }
    }
}
