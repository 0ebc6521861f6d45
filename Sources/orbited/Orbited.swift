import ArgumentParser
import OrbitedServer

/// The command line.
@main
struct Orbited: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "orbited",
        abstract: "Pushes events from web applications to browsers, and tells the applications who got them.",
        version: "orbited \(OrbitedVersion.text)",
        subcommands: [
            ServeCommand.self, CheckConfigCommand.self, EventCommand.self, WatchCommand.self,
            ListCommand.self, CloseCommand.self,
        ],
        defaultSubcommand: nil)
}
