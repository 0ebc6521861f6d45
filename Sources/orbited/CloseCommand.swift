import ArgumentParser
import OrbitedClient
import OrbitedWire

/// `orbited close`
struct CloseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "close",
        abstract: "End browsers' sessions.",
        usage: "orbited close 'USER, SESSION, /LOCATION' ... [--reason TEXT]",
        discussion: """
            The pages are told, and do not come back by themselves. A key may be a pattern: 'michael, *, *' is every \
            browser of michael. Prints how many sessions there were.
            """)

    @Argument(help: ArgumentHelp("Keys and patterns.", valueName: "key"))
    var keys: [String]

    @Option(help: "What the pages are told, at most \(ControlLimits.reason) bytes.")
    var reason = ""

    @OptionGroup
    var control: ControlOptions

    func validate() throws {
        let isLine = !reason.utf8.contains { $0 == 0x0A || $0 == 0x0D }
        guard reason.utf8.count <= ControlLimits.reason, isLine else {
            throw ValidationError("A reason is one line of at most \(ControlLimits.reason) bytes.")
        }
        _ = try [Recipient](words: keys)
    }

    func run() async throws {
        let recipients = try [Recipient](words: keys)
        let count = try await control.run { try await $0.close(recipients, reason: reason.isEmpty ? nil : reason) }
        Output.line("closed: \(count)")
    }
}
