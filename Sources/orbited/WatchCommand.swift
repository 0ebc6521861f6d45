import ArgumentParser
import Glibc
import OrbitedClient

/// `orbited watch`
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Print who comes and goes.",
        usage: "orbited watch ['USER, SESSION, /LOCATION'] [--state]",
        discussion: """
            A line for each session that begins or has ended, until Ctrl-C. Without a key all are watched; a key may be \
            a pattern: '*, *, /chat' is everybody at /chat. With --state those that are there are printed first. A line \
            of a session that has ended names the ids of the events that its browser never got. It goes on when the \
            connection was lost; a line that says gap stands where news is missing, or may be. Exits 1 when there is no \
            connection at first, or the server refuses or ends the watch.
            """)

    @Argument(help: ArgumentHelp("A key or a pattern.", valueName: "key"))
    var key = "*, *, *"

    @Flag(help: "Print those that are there first.")
    var state = false

    @OptionGroup
    var control: ControlOptions

    func validate() throws { _ = try [Recipient](words: [key]) }

    func run() async throws {
        let recipients = try [Recipient](words: [key])
        try await control.run { client in
            for try await notice in try client.watch(recipients, state: state) { Output.line(Self.line(notice)) }
        }
    }

    static func line(_ notice: WatchNotice) -> String {
        switch notice {
        case .present(let key, _): "present \(key)"
        case .signon(let key, _): "signon  \(key)"
        case .signoff(let key, let end, _):
            "signoff \(key) (\(end.reason.rawValue))" + ids("missed", end.missed) + ids("unconfirmed", end.unconfirmed)
        case .gap: "gap"
        }
    }

    private static func ids(_ word: String, _ ids: [String]) -> String {
        ids.isEmpty ? "" : "; \(word): \(ids.joined(separator: ", "))"
    }
}
