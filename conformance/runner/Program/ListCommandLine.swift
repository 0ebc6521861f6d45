import ArgumentParser
import OrbitedConformance

struct ListCommandLine: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the cases, with their levels, features and requirements.")

    @OptionGroup var folders: FolderOptions
    @OptionGroup var which: SelectionOptions

    @Option(help: "Only cases of this kind: server, client, browser or pair. May be repeated.")
    var kind: [Case.Kind] = []

    func run() async throws {
        let folder = try folders.folder()
        let cases = try folder.load(kind.isEmpty ? Case.Kind.allCases : kind)
        let trials = try which.selection(folder).trials(of: cases)
        let counts = Dictionary(grouping: trials, by: \.theCase.id).mapValues(\.count)
        let shown = cases.filter { counts[$0.id] != nil }
        for one in shown {
            let features = Set(one.trials.flatMap(\.features)).sorted().joined(separator: ",")
            print(
                [
                    one.id, one.kind.rawValue, one.level.rawValue, features.isEmpty ? "-" : features,
                    one.requirements.joined(separator: ","),
                ].joined(separator: "\t"))
        }
        print("\(shown.count) cases, \(trials.count) trials")
    }
}

extension Case.Kind: ExpressibleByArgument {}
