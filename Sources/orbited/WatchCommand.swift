import ArgumentParser
import Glibc
import OrbitedClient
import OrbitedWire

/// `orbited watch`
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Print who comes and goes.",
        usage: "orbited watch ['USER, SESSION, /LOCATION'] [--state]",
        discussion: """
            A line for each session that begins or has ended, until Ctrl-C. Without a key all are watched; a key may be \
            a pattern: '*, *, /chat' is everybody at /chat. With --state those that are there are printed first. A line \
            of a session that has ended names the ids of the events that its browser never got. Exits 1 when the \
            connection is lost.
            """)

    @Argument(help: ArgumentHelp("A key or a pattern.", valueName: "key"))
    var key = "*, *, *"

    @Flag(help: "Print those that are there first.")
    var state = false

    @OptionGroup
    var control: ControlOptions

    func validate() throws { _ = try Recipients(words: [key]) }

    func run() async throws {
        let recipients = try Recipients(words: [key])
        try await control.run { client in
            let watch = try await client.watch(recipients, withState: state)
            for try await news in watch { Output.line(Self.line(news)) }
        }
    }

    static func line(_ news: WatchNews) -> String {
        switch news.news {
        case .present: "present \(news.key)"
        case .signon: "signon  \(news.key)"
        case .signoff(let end):
            "signoff \(news.key) (\(end.reason.rawValue))" + ids("missed", end.missed)
                + ids("unconfirmed", end.unconfirmed)
        }
    }

    private static func ids(_ word: String, _ ids: [String]) -> String {
        ids.isEmpty ? "" : "; \(word): \(ids.joined(separator: ", "))"
    }
}
