import ArgumentParser
import OrbitedConformance

struct ClientCommandLine: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client", abstract: "Test a client library, through its adapter.",
        usage: """
            orbited-conformance client [OPTIONS] --adapter COMMAND
            orbited-conformance client [OPTIONS] -- COMMAND [ARGUMENT ...]
            """,
        discussion: """
            The suite plays the server. An adapter is a small program that reads calls and tells what became of them: \
            see conformance/adapters/README.md. One is started for each trial. What the library has is what the adapter \
            says; cases of other features are skipped, and counted.
            """)

    @OptionGroup var adapter: AdapterOption

    @Flag(help: "The adapter drives a browser: run the cases for libraries of pages. (default: if it says so itself)")
    var browser = false

    @Option(help: ArgumentHelp("The library for pages, as a classic script, with --browser.", valueName: "file"))
    var script: String?

    @OptionGroup var options: RunOptions

    @Argument(parsing: .postTerminator, help: "The command that starts the adapter, in the place of --adapter.")
    var command: [String] = []

    func validate() throws {
        guard (adapter.adapter == nil) != command.isEmpty else {
            throw ValidationError("give the command of the adapter, either with --adapter or after --")
        }
    }

    func run() async throws {
        let command = adapter.command ?? command
        let folder = try options.folders.folder()
        let greeting = try await AdapterGreeting.ask(command, scale: options.scale)
        let isBrowser = browser || greeting.features.contains("browser")
        var run = try Run(options, folder: folder, kinds: isBrowser ? [.browser] : [.client])
        if isBrowser { try run.restrict(toBrowser: greeting) } else { try run.restrict(toClient: greeting) }
        if isBrowser, script == nil { throw ValidationError("--script names the library that the adapter drives") }
        run.scriptPath = script
        run.suiteLacks(["settings", "process"])
        try await run.perform(.client, adapter: command, name: "\(greeting.name) \(greeting.version)", parallel: 8)
    }
}

/// The command of an adapter as one word.
struct AdapterOption: ParsableArguments {
    @Option(help: ArgumentHelp("The command that starts the adapter, as a shell takes it.", valueName: "command"))
    var adapter: String?

    var command: [String]? { adapter.map { ["/bin/sh", "-c", "exec \($0)"] } }
}
