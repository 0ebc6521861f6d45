import ArgumentParser
import Glibc
import Logging
import OrbitedServer
import ServiceLifecycle

/// `orbited serve`
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the server until SIGTERM or SIGINT.",
        usage: "orbited serve [--config FILE] [--SETTING VALUE ...]",
        discussion: """
            Settings come from flags, then ORBITED_ variables, then the file, then defaults. Without --config the file \
            orbited.cfg of the current folder is read if it is there.

            \(Setting.helpText())
            """)

    @Argument(
        parsing: .allUnrecognized, help: ArgumentHelp("Settings, see below.", valueName: "setting", visibility: .hidden)
    )
    var settings: [String] = []

    func run() async throws {
        let loaded = try LoadedConfiguration.orExit(settings)
        let configuration = loaded.configuration
        let logger = Logger(configuration.log)
        let wanted = configuration.http.maxConnections + configuration.control.maxConnections
        let openFiles = DescriptorLimit.raise()
        let server = OrbitedServer(configuration: configuration, logger: logger) { addresses in
            Output.line("orbited: http listening on http://\(addresses.http.hostAndPort)")
            Output.line("orbited: control listening on \(addresses.control.hostAndPort)")
            if let admin = addresses.admin { Output.line("orbited: admin listening on http://\(admin.hostAndPort)") }
            // Only now, so that a port in use stays one line.
            guard let openFiles, openFiles < wanted else { return }
            logger.notice(
                "the system lets this process open fewer files than the settings let it have connections",
                metadata: ["limit": "\(openFiles)", "connections": "\(wanted)", "raise with": "ulimit -n"])
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: server, successTerminationBehavior: .gracefullyShutdownGroup)],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: Logger(quiet: "lifecycle")))
        do {
            try await group.run()
        } catch let error as ListenerError {
            Output.error("\(error)")
            throw ExitCode(1)
        }
    }
}
