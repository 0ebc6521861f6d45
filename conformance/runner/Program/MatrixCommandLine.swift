import ArgumentParser
import Foundation
import OrbitedConformance

struct MatrixCommandLine: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "matrix", abstract: "Make a page of requirements, cases and implementations from reports.",
        discussion: "Requirements without cases are shown with the reason that conformance/exemptions.json gives.")

    @OptionGroup var folders: FolderOptions

    @Option(help: ArgumentHelp("Where the page is written.", valueName: "file"))
    var html: String

    @Argument(help: "Files that other runs have written with --json.")
    var reports: [String] = []

    func run() async throws {
        let folder = try folders.folder()
        let page = Page(
            try reports.map { try Report(reading: $0) }, requirements: folder.requirements,
            exemptions: try folder.exemptions())
        try Output.write(Data(page.html.utf8), to: html)
    }
}
