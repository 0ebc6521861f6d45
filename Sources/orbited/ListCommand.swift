import ArgumentParser
import OrbitedClient
import OrbitedWire

/// `orbited list`
struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Print the keys that have a browser.",
        usage: "orbited list ['USER, SESSION, /LOCATION' ...] [--limit NUMBER]",
        discussion: """
            Without a key all are printed, one a line. A key may be a pattern: 'michael, *, *' is every browser of \
            michael. If there are more than the limit, the last line goes to standard error and says so.
            """)

    @Argument(help: ArgumentHelp("Keys and patterns.", valueName: "key"))
    var keys: [String] = ["*, *, *"]

    @Option(help: "How many keys to print at most, 1 to 100000.")
    var limit = ControlLimits.defaultList

    @OptionGroup
    var control: ControlOptions

    func validate() throws {
        guard (1...ControlLimits.maxList).contains(limit) else {
            throw ValidationError("A limit is a number from 1 to \(ControlLimits.maxList).")
        }
        _ = try [Recipient](words: keys)
    }

    func run() async throws {
        let recipients = try [Recipient](words: keys)
        let listing = try await control.run { try await $0.list(recipients, limit: limit) }
        for key in listing.keys { Output.line("\(key)") }
        if listing.more { Output.error("there are more than \(listing.keys.count) keys; ask with a higher --limit") }
    }
}
