import ArgumentParser
import OrbitedConformance

/// Where the suite is.
struct FolderOptions: ParsableArguments {
    @Option(help: "The folder of the cases. (default: conformance/cases, here or in ORBITED_CONFORMANCE)")
    var cases: String?

    @Option(name: .customLong("protocol"), help: "The folder of the specification. (default: protocol, beside it)")
    var specification: String?

    func folder() throws -> SuiteFolder { try SuiteFolder(cases: cases, specification: specification) }
}
