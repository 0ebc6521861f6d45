import Testing

@testable import OrbitedServer

@Suite struct SettingFlagsTests {
    @Test(
        "A fault is named with its flag and what was probably meant",
        arguments: [
            (["--htp-port", "1"], "unknown flag \"--htp-port\"; did you mean \"--http-port\"?"),
            (["--htp-port=1"], "unknown flag \"--htp-port\"; did you mean \"--http-port\"?"),
            (["--xhr-timeout", "1"], "unknown flag \"--xhr-timeout\"; did you mean \"--transport-xhr-timeout\"?"),
            (["--cofnig", "a"], "unknown flag \"--cofnig\"; did you mean \"--config\"?"),
            (["--wholly-different"], "unknown flag \"--wholly-different\""),
            (["--"], "unknown flag \"--\""),
            (["--http-port"], "--http-port needs a value"),
            (["--http-port", "--op-port", "1"], "--http-port needs a value"),
            (["--config"], "--config needs a value"),
            (["--proxy"], "--proxy needs a value"),
            (["--http-port="], "--http-port must be a whole number from 0 to 65535, and has no value"),
            (["--http-port", "-1"], "--http-port must be a whole number from 0 to 65535, not \"-1\""),
            (["8000"], "unexpected argument \"8000\": settings are given as --flag value"),
            (["-p", "--remote-allowed"], "unexpected argument \"-p\": settings are given as --flag value"),
        ])
    func namesFaults(arguments: [String], problem: String) {
        #expect(SettingFlags(arguments).layer.problems == [problem])
    }

    @Test func `Flags of settings without meaning are unknown`() {
        #expect(SettingFlags(["--log-type", "1"]).layer.problems.count == 1)
    }

    @Test func `A flag that takes 0 or 1 stands alone for 1`() {
        #expect(loaded(flags: ["--remote-allowed"]).configuration.remoteAllowed)
        #expect(loaded(flags: ["--remote-allowed", "--http-port", "1"]).configuration.remoteAllowed)
        #expect(!loaded(flags: ["--remote-allowed", "0"]).configuration.remoteAllowed)
    }

    @Test func `Of a repeated flag the last counts`() {
        let result = loaded(flags: ["--op-port", "1", "--orbit-port", "2"])
        #expect(result.configuration.control.port == 2)
        #expect(result.origin(of: .controlPort) == .flag("--orbit-port"))
    }

    @Test func `Each proxy flag adds a rule, and together they replace the file's rules`() {
        let file = "[proxy]\n/old -> ORBITED\n"
        let result = loaded(file, flags: ["--proxy", "/a -> ORBITED", "--proxy=/b -> ORBITED"])
        #expect(result.configuration.proxy.rules.map(\.prefix) == ["/a", "/b"])
        #expect(result.rules.map(\.origin) == [.flag("--proxy"), .flag("--proxy")])
        #expect(result.configuration.proxy.enabled)
    }

    @Test func `A faulty rule of a flag is named`() {
        #expect(
            SettingFlags(["--proxy", "chat"]).layer.problems.first?.hasPrefix("--proxy: ") == true)
    }

    @Test func `The file is named by a flag`() {
        #expect(SettingFlags(["--config", "a.cfg"]).file == "a.cfg")
        #expect(SettingFlags(["--config=b=c.cfg"]).file == "b=c.cfg")
        #expect(SettingFlags([]).file == nil)
    }
}
