import Testing

@testable import OrbitedServer

@Suite struct ConflictTests {
    @Test(
        "A listener that others can reach must be allowed",
        arguments: [
            ("--http-host", "0.0.0.0"), ("--http-host", "::"), ("--op-host", "192.168.0.1"),
            ("--op-host", "example.org"),
        ])
    func refusesRemote(flag: String, host: String) {
        let problem =
            "\(flag) is \"\(host)\", which other machines may reach, and nobody is asked who they are: "
            + "if a firewall or a proxy keeps strangers out, allow it with remote.allowed = 1 in [global], "
            + "--remote-allowed 1 or ORBITED_REMOTE_ALLOWED=1; else use 127.0.0.1"
        #expect(loaded(flags: [flag, host]).conflicts == [problem])
        #expect(loaded(flags: [flag, host, "--remote-allowed"]).conflicts.isEmpty)
        #expect(loaded("[global]\nremote.allowed = 1\n", flags: [flag, host]).conflicts.isEmpty)
    }

    @Test func `Each open listener is named where it was set`() {
        let conflicts = loaded("[global]\nhttp.host = ::\nop.host = ::\n").conflicts
        #expect(
            conflicts.map { $0.prefix { $0 != "," } } == [
                "orbited.cfg:2: \"http.host\" is \"::\"", "orbited.cfg:3: \"op.host\" is \"::\"",
            ])
    }

    @Test func `Hosts of this machine need no leave`() {
        #expect(loaded(flags: ["--http-host", "localhost", "--op-host", "::1"]).conflicts.isEmpty)
    }

    @Test func `Browsers and web applications need a port each`() {
        #expect(
            loaded(flags: ["--op-port", "8000"]).conflicts
                == ["--op-port is 8000, and so is http.port: browsers and web applications need a port each"])
        #expect(loaded(flags: ["--http-port", "9000", "--http-host", "localhost"]).conflicts.count == 1)
        #expect(loaded(flags: ["--http-port", "9000", "--http-host", "::1"]).conflicts.isEmpty)
        #expect(loaded(flags: ["--op-port", "0", "--http-port", "0"]).conflicts.isEmpty)
    }

    @Test func `The HTTP control API needs a port of its own, and leave to be reached, once it is on`() {
        #expect(loaded(flags: ["--admin-port", "9000", "--admin-host", "0.0.0.0"]).conflicts.isEmpty)
        #expect(
            loaded(flags: ["--admin-port", "9000", "--admin-enabled"]).conflicts
                == ["--admin-port is 9000, and so is op.port: each listener needs a port of its own"])
        #expect(loaded(flags: ["--admin-host", "0.0.0.0", "--admin-enabled"]).conflicts.count == 1)
        #expect(loaded(flags: ["--admin-port", "0", "--op-port", "0", "--admin-enabled"]).conflicts.isEmpty)
    }

    @Test func `A proxy that is switched on needs a rule`() {
        #expect(
            loaded("[global]\nproxy.enabled = 1\n").conflicts == [
                "orbited.cfg:2: \"proxy.enabled\" is 1, and there are no proxy rules: "
                    + "add one, such as \"/ -> http://127.0.0.1:4700\", under [proxy] or with --proxy"
            ])
        #expect(loaded("[global]\nproxy.enabled = 1\n", flags: ["--proxy", "/ -> ORBITED"]).conflicts.isEmpty)
    }

    @Test("A rule can't lead back to the server", arguments: ["127.0.0.1:8000", "localhost:8000"])
    func refusesLoops(address: String) {
        let conflicts = loaded("[proxy]\n/chat -> ORBITED\n/ -> http://\(address)\n").conflicts
        #expect(
            conflicts == [
                "orbited.cfg:3: \"/ -> http://\(address)\" leads back to Orbited itself: "
                    + "write the address of your application, or ORBITED for events"
            ])
        #expect(loaded("[proxy]\n/ -> http://\(address)\n", flags: ["--http-port", "8001"]).conflicts.isEmpty)
    }

    @Test func `A configuration with conflicts is not loaded`() {
        #expect(throws: ConfigurationError.self) {
            try ConfigurationLoader.load(
                arguments: ["--http-host", "0.0.0.0"], environment: [:], currentDirectory: "/dev/null/nowhere")
        }
    }
}
