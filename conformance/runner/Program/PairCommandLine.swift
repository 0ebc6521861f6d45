import ArgumentParser
import OrbitedConformance

struct PairCommandLine: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pair", abstract: "Test a client library and a server together.",
        usage: "orbited-conformance pair --adapter COMMAND [OPTIONS] -- SERVER [ARGUMENT ...]",
        discussion: """
            The suite starts the server as orbited-conformance server does, and the adapter as orbited-conformance \
            client does, and plays the browsers.
            """)

    @OptionGroup var adapter: AdapterOption

    @OptionGroup var options: RunOptions

    @Argument(parsing: .postTerminator, help: "The command that starts the server.")
    var command: [String] = []

    func validate() throws {
        guard adapter.adapter != nil else { throw ValidationError("give the command of the adapter with --adapter") }
        guard !command.isEmpty else { throw ValidationError("give the command of the server after --") }
    }

    func run() async throws {
        guard let client = adapter.command else { return }
        let folder = try options.folders.folder()
        let greeting = try await AdapterGreeting.ask(client, scale: options.scale)
        var run = try Run(options, folder: folder, kinds: [.pair])
        try run.restrict(toClient: greeting)
        try await run.perform(
            .command(run.server(command)), adapter: client,
            name: "\(greeting.name) \(greeting.version) with \(ShortName.of(command))",
            parallel: 8)
    }
}
