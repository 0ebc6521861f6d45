import Testing

@testable import OrbitedServer

@Suite struct SettingVariablesTests {
    @Test(
        "An unknown variable is a warning that names what was probably meant",
        arguments: [
            (
                "ORBITED_HTP_PORT", "1",
                "unknown environment variable \"ORBITED_HTP_PORT\"; did you mean \"ORBITED_HTTP_PORT\"?"
            ),
            (
                "ORBITED_XHR_TIMEOUT", "1",
                "unknown environment variable \"ORBITED_XHR_TIMEOUT\"; did you mean \"ORBITED_TRANSPORT_XHR_TIMEOUT\"?"
            ),
            (
                "ORBITED_CONFIGG", "a",
                "unknown environment variable \"ORBITED_CONFIGG\"; did you mean \"ORBITED_CONFIG\"?"
            ),
            ("ORBITED_COMPLETELY_DIFFERENT", "1", "unknown environment variable \"ORBITED_COMPLETELY_DIFFERENT\""),
            ("ORBITED_", "1", "unknown environment variable \"ORBITED_\""),
        ])
    func warnsOfUnknown(name: String, value: String, warning: String) {
        let layer = SettingVariables([name: value]).layer
        #expect(layer.warnings == [warning] && layer.problems.isEmpty)
    }

    @Test(
        "A fault is named with its variable",
        arguments: [
            ("ORBITED_HTTP_PORT", "x", "ORBITED_HTTP_PORT must be a whole number from 0 to 65535, not \"x\""),
            ("ORBITED_HTTP_PORT", "", "ORBITED_HTTP_PORT must be a whole number from 0 to 65535, and has no value"),
        ])
    func namesFaults(name: String, value: String, problem: String) {
        #expect(SettingVariables([name: value]).layer.problems == [problem])
    }

    @Test func `Variables of others are ignored`() {
        let layer = SettingVariables(["PATH": "/bin", "HTTP_PORT": "x", "orbited_http_port": "x", "ORBITEDX": ""]).layer
        #expect(layer.problems.isEmpty && layer.changes.isEmpty)
    }

    @Test func `Two names of one setting are refused`() {
        let layer = SettingVariables(["ORBITED_OP_PORT": "1", "ORBITED_ORBIT_PORT": "1"]).layer
        #expect(
            layer.problems
                == ["ORBITED_OP_PORT and ORBITED_ORBIT_PORT are two names of one setting: set only one of them"])
    }

    @Test("Rules stand between commas or line ends", arguments: [",", "\n", "\r\n", " , ", ",\n"])
    func splitsRules(separator: String) {
        let rules = ["/a -> ORBITED", "/b -> http://127.0.0.1:4700", ""].joined(separator: separator)
        let result = loaded("[proxy]\n/old -> ORBITED\n", environment: ["ORBITED_PROXY": rules])
        #expect(result.configuration.proxy.rules.map(\.prefix) == ["/a", "/b"])
        #expect(result.rules.map(\.origin) == Array(repeating: .environment(variable: "ORBITED_PROXY"), count: 2))
    }

    @Test func `An empty list of rules takes the file's rules away`() {
        let result = loaded("[proxy]\n/old -> ORBITED\n", environment: ["ORBITED_PROXY": ""])
        #expect(result.configuration == Configuration())
    }

    @Test func `A faulty rule of the environment is named`() {
        let problems = SettingVariables(["ORBITED_PROXY": "/ -> ORBITED,chat"]).layer.problems
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("ORBITED_PROXY: ") == true)
    }

    @Test func `The file is named by a variable`() {
        #expect(SettingVariables(["ORBITED_CONFIG": "a.cfg"]).file == "a.cfg")
        #expect(SettingVariables([:]).file == nil)
    }
}
