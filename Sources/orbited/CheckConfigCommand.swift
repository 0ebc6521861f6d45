import ArgumentParser
import OrbitedServer

/// `orbited check-config`
struct CheckConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Read the configuration as `serve` would, and print every setting with where it comes from.",
        usage: "orbited check-config [--config FILE] [--SETTING VALUE ...]",
        discussion:
            "Exits 0 when the configuration is good, 1 when it is not. `--markdown` prints the table of all settings.")

    @Flag(help: "Print the table of all settings in Markdown, and do nothing else.")
    var markdown = false

    @Argument(
        parsing: .allUnrecognized,
        help: ArgumentHelp("Settings, as for `serve`.", valueName: "setting", visibility: .hidden))
    var settings: [String] = []

    func run() throws {
        if markdown { return Output.text(Setting.markdownTable()) }
        let loaded = try LoadedConfiguration.orExit(settings)
        Output.text(loaded.effectiveSettings())
    }
}
