import ArgumentParser
import Foundation
import OrbitedConformance

/// One run of the suite, from the files to the reports.
struct Run {
    private let options: RunOptions
    private let folder: SuiteFolder
    private let cases: [Case]
    private let trials: [Trial]
    private let known: KnownFailures
    private var features: Features
    private let interruption = Interruption()
    /// The file with the library for pages; nil if none is tested.
    var scriptPath: String?

    /// Reads all that is needed.
    init(_ options: RunOptions, folder: SuiteFolder, kinds: [Case.Kind]) throws {
        self.options = options
        self.folder = folder
        features = folder.features
        try features.declare(options.has)
        try features.exclude(options.without)
        cases = try folder.load(kinds, ids: options.knownFailing == nil ? options.which.id : [])
        trials = try options.which.selection(folder).trials(of: cases)
        guard !trials.isEmpty else {
            throw UsageError("no case is left of \(cases.count); see orbited-conformance list")
        }
        known = try options.knownFailing.map { try Self.known($0) } ?? KnownFailures()
    }

    private static func known(_ file: String) throws -> KnownFailures {
        do {
            return KnownFailures(try String(contentsOfFile: file, encoding: .utf8))
        } catch {
            throw UsageError("--known-failing: \(file) can't be read: \(error.localizedDescription)")
        }
    }

    /// A list of known failures that names what is not there is out of date.
    private func checkKnown() throws {
        let unknown = known.unknown(among: cases)
        guard unknown.isEmpty else {
            throw UsageError("--known-failing: there is no case \(unknown.joined(separator: ", ")); take it out")
        }
    }

    /// How the suite starts the server, with its HTTP control API unless that is said to be missing.
    func server(_ command: [String]) -> ServerCommand {
        var server = ServerCommand(command, registry: folder.registry)
        server.patience = server.patience * options.scale
        server.hasAdmin = features.lacking(of: ["admin"]).isEmpty
        return server
    }

    mutating func suiteLacks(_ names: [String]) { for name in names { features.suiteLacks(name) } }

    mutating func restrict(toClient greeting: AdapterGreeting) throws { try features.restrict(toClient: greeting) }

    mutating func restrict(toBrowser greeting: AdapterGreeting) throws { try features.restrict(toBrowser: greeting) }

    /// Runs the trials, and writes the reports.
    ///
    /// - Throws: `ExitCode` with the status of the run, or ``UnreachableError``.
    func perform(_ subject: Runner.Subject, adapter: [String]? = nil, name: String, parallel: Int) async throws {
        try checkKnown()
        var settings = Runner.Options()
        settings.parallel = options.parallel ?? parallel
        settings.seed = options.seed ?? UInt64.random(in: 0..<1_000_000)
        settings.scale = options.scale
        settings.timeout = .seconds(options.timeout)
        settings.known = known
        settings.scriptPath = scriptPath
        var runner = Runner(subject, adapter: adapter, features: features, options: settings)
        let progress = Progress(trials.count)
        if !options.quiet {
            print("\(trials.count) trials, seed \(settings.seed)")
            // So that it stands before what goes to standard error, also in a file.
            fflush(nil)
            runner.onResult = progress.add
        }
        let begun = Date()
        let start = ContinuousClock.now
        let results = try await runner.run(trials)
        progress.end()
        let time = start.duration(to: .now).components
        let report = Report(
            results, implementation: options.name ?? name, requirements: folder.requirements, known: known,
            begun: begun, seed: settings.seed, seconds: Double(time.seconds) + Double(time.attoseconds) / 1e18)
        try write(report)
        if !options.quiet || report.status != .passed { print(Summary(report).text, terminator: "") }
        withExtendedLifetime(interruption) {}
        throw ExitCode(report.status.rawValue)
    }

    private func write(_ report: Report) throws {
        if let file = options.json { try Output.write(report.json(), to: file) }
        if let file = options.junit { try Output.write(Data(JUnit(report).text.utf8), to: file) }
        if let file = options.html {
            let page = Page([report], requirements: folder.requirements, exemptions: try folder.exemptions())
            try Output.write(Data(page.html.utf8), to: file)
        }
    }
}
