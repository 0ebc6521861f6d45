import ArgumentParser
import OrbitedConformance

struct ServerCommandLine: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server", abstract: "Test a server.",
        usage: """
            orbited-conformance server --http HOST:PORT --control HOST:PORT [--admin HOST:PORT] [OPTIONS]
            orbited-conformance server [OPTIONS] -- COMMAND [ARGUMENT ...]
            """,
        discussion: """
            Either the server runs, and is told with --http and --control; or the suite starts it, as often as it needs \
            one. Then the command gets its ports in the environment, and must listen on 127.0.0.1: ORBITED_HTTP_PORT, \
            ORBITED_OP_PORT, and with ORBITED_ADMIN_ENABLED=1 ORBITED_ADMIN_PORT. The settings of a case come in the \
            same way: [section] key of the registry is ORBITED_SECTION_KEY, without the section if that is global.

            Cases that need other settings than the defaults, or end the server, are skipped if the server runs already.
            """)

    @Option(help: "Where a server that runs takes browsers.")
    var http: Address?

    @Option(help: "Where a server that runs takes applications.")
    var control: Address?

    @Option(help: "Where a server that runs has its HTTP control API.")
    var admin: Address?

    @OptionGroup var options: RunOptions

    @Argument(parsing: .postTerminator, help: "The command that starts the server.")
    var command: [String] = []

    func validate() throws {
        if command.isEmpty {
            guard let http, let control else {
                throw ValidationError("say where the server is with --http and --control, or give its command after --")
            }
            guard control.host == http.host, admin.map({ $0.host == http.host }) ?? true else {
                throw ValidationError("--http, --control and --admin have to be on one host")
            }
        } else if http != nil || control != nil || admin != nil {
            throw ValidationError("--http, --control and --admin are for a server that runs, and there is a command")
        }
    }

    func run() async throws {
        let folder = try options.folders.folder()
        var run = try Run(options, folder: folder, kinds: [.server])
        if let http, let control {
            run.suiteLacks(["settings", "process"] + (admin == nil ? ["admin"] : []))
            let place = Surroundings(
                host: http.host, controlPort: control.port, httpPort: http.port, adminPort: admin?.port)
            try await run.perform(.server(place), name: "\(http.host):\(http.port)", parallel: 32)
        } else {
            try await run.perform(.command(run.server(command)), name: ShortName.of(command), parallel: 32)
        }
    }
}

/// What an implementation is called that was given no name.
enum ShortName {
    static func of(_ command: [String]) -> String {
        command.first?.split(separator: "/").last.map(String.init) ?? ""
    }
}
