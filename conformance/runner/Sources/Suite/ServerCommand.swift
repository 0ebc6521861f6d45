/// How servers are started.
package struct ServerCommand: Sendable {
    /// The program and its arguments.
    package var command: [String]
    package var host = "127.0.0.1"
    /// How long a server has until its ports take connections.
    package var patience: Duration = .seconds(20)
    /// Whether it has the HTTP control API.
    package var hasAdmin = true
    let registry: Registry

    package init(_ command: [String], registry: Registry) {
        self.command = command
        self.registry = registry
    }

    /// The ports of one server.
    struct Ports: Hashable, Sendable {
        var http: Int
        var control: Int
        var admin: Int

        static func take(host: String) async throws -> Ports {
            try await Ports(
                http: FreePorts.take(host: host), control: FreePorts.take(host: host),
                admin: FreePorts.take(host: host))
        }

        var all: [Int] { [http, control, admin] }
    }

    /// The variables of a server on these ports and with these settings.
    ///
    /// - Throws: ``UsageError`` if there is no such setting.
    func environment(_ ports: Ports, settings: [String: String]) throws -> [String: String] {
        var own = [
            "http.host": host, "http.port": "\(ports.http)", "op.host": host, "op.port": "\(ports.control)",
        ]
        if hasAdmin {
            own.merge(["admin.enabled": "1", "admin.host": host, "admin.port": "\(ports.admin)"]) { $1 }
        }
        return try own.merging(settings) { $1 }.reduce(into: [:]) { variables, setting in
            variables[try registry.variable(of: setting.key)] = setting.value
        }
    }
}
