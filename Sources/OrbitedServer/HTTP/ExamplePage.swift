import OrbitedJSON
import OrbitedProxy

/// The page at `/_/`, on which one tries a connection and sees what to copy. [BRW-135] [BRW-136]
enum ExamplePage {
    /// Whether there is such a page.
    enum Offer: Equatable {
        /// It is there.
        case shown
        /// Others than this machine may reach the listener.
        case withheld
        /// The configuration says no.
        case off
    }

    static func offer(_ configuration: Configuration) -> Offer {
        guard configuration.http.example else { return .off }
        return ListenHost(configuration.http.host)?.isLoopback == true ? .shown : .withheld
    }

    /// Nothing but the server's own files, and what stands in the page itself; nobody may put it into a frame.
    static let policy =
        "default-src 'self' 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    /// The page with its parts put in, and with what it has to know of the server.
    static func html(_ configuration: Configuration) -> String {
        let parts = [
            ("/* example.css */\n", PackageResources.example_css),
            ("/* snippets.js */\n", PackageResources.snippets_js),
            ("/* example.js */\n", PackageResources.example_js),
            ("{}</script>", Array((server(configuration).scriptSafe + "</script>").utf8)),
        ]
        return parts.reduce(text(PackageResources.example_html)) { page, part in
            page.replacing(part.0, with: text(part.1), maxReplacements: 1)
        }
    }

    /// Where events are to be sent, which transports there are, and where requests go.
    private static func server(_ configuration: Configuration) -> JSON {
        let (control, usual) = (configuration.control, Configuration().control)
        let isUsualHost = ["0.0.0.0", "::", "localhost", usual.host].contains(control.host)
        // A port that the system chooses is known only when the log tells it.
        let port: JSON = control.port == 0 ? "PORT" : .integer(Int64(control.port))
        return [
            "host": isUsualHost ? .null : .string(control.host),
            "port": control.port == usual.port ? .null : port,
            "transports": .array(configuration.transportList.names.map { .string($0) }),
            "rules": .array(
                configuration.proxyRules.rules.map { rule in
                    ["prefix": .string(rule.prefix), "isOwn": .boolean(rule.target == .orbited)]
                }),
        ]
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
