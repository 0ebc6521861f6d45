import Testing

@testable import OrbitedConformance

@Suite("The registry")
struct RegistryTests {
    static let registry: JSONValue = [
        "codes": .array([
            ["code": .number(201), "name": "line_too_long", "message": "A line is longer than {limit} bytes"],
            ["code": .number(301), "name": "unreachable", "message": "Failed to reach one or more recipients"],
        ]),
        "limits": .array([
            [
                "name": "control.line", "value": .number(8192), "unit": "bytes", "code": .number(201),
                "setting": "[limits] control.line",
            ]
        ]),
        "defaults": .array([
            ["name": "http.port", "value": .number(8000), "unit": "port", "setting": "[global] http.port"],
            ["name": "http.host", "value": "127.0.0.1", "unit": "address", "setting": "[global] http.host"],
            ["name": "op.port", "value": .number(9000), "unit": "port", "setting": "[global] op.port"],
            ["name": "op.host", "value": "127.0.0.1", "unit": "address", "setting": "[global] op.host"],
            ["name": "op.secret_file", "value": "none", "unit": "file", "setting": "[global] op.secret_file"],
            ["name": "admin.enabled", "value": .number(0), "unit": "switch", "setting": "[global] admin.enabled"],
            ["name": "admin.port", "value": .number(9001), "unit": "port", "setting": "[admin] port"],
            ["name": "admin.host", "value": "127.0.0.1", "unit": "address", "setting": "[admin] host"],
            ["name": "raw", "value": .number(0), "unit": "switch", "setting": "[transport] raw"],
            ["name": "ack", "value": "written", "unit": "receipt", "setting": .null],
        ]),
        "transports": .array([["name": "sse", "contentType": "text/event-stream", "raw": false]]),
    ]

    @Test(
        "A setting is the variable of its section and its key",
        arguments: [
            ("control.line", "ORBITED_LIMITS_CONTROL_LINE"), ("http.port", "ORBITED_HTTP_PORT"),
            ("op.port", "ORBITED_OP_PORT"), ("op.secret_file", "ORBITED_OP_SECRET_FILE"),
            ("admin.enabled", "ORBITED_ADMIN_ENABLED"), ("admin.port", "ORBITED_ADMIN_PORT"),
            ("raw", "ORBITED_TRANSPORT_RAW"), ("proxy", "ORBITED_PROXY"),
        ])
    func variables(_ name: String, _ variable: String) throws {
        #expect(try Registry(Self.registry).variable(of: name) == variable)
    }

    @Test("What is not there or can't be changed has no variable", arguments: ["pigeons", "ack"])
    func noVariable(_ name: String) throws {
        let registry = try Registry(Self.registry)
        #expect(throws: UsageError.self) { try registry.variable(of: name) }
    }

    @Test("The limit of a message is the default, unless it is set")
    func messages() throws {
        let registry = try Registry(Self.registry)
        #expect(registry.message(of: 201) == "A line is longer than 8192 bytes")
        #expect(registry.message(of: 201, limits: ["control.line": "64"]) == "A line is longer than 64 bytes")
        #expect(registry.message(of: 999) == nil)
    }

    @Test("A server is told its ports, and the settings of its cases")
    func environment() throws {
        let command = ServerCommand(["serve"], registry: try Registry(Self.registry))
        let ports = ServerCommand.Ports(http: 1, control: 2, admin: 3)
        let environment = try command.environment(ports, settings: ["raw": "1"])
        #expect(
            environment == [
                "ORBITED_HTTP_HOST": "127.0.0.1", "ORBITED_HTTP_PORT": "1", "ORBITED_OP_HOST": "127.0.0.1",
                "ORBITED_OP_PORT": "2", "ORBITED_ADMIN_ENABLED": "1", "ORBITED_ADMIN_HOST": "127.0.0.1",
                "ORBITED_ADMIN_PORT": "3", "ORBITED_TRANSPORT_RAW": "1",
            ])
    }
}
