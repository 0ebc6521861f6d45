import Testing

@testable import OrbitedServer

@Suite struct SettingValueTests {
    @Test("Numbers are taken", arguments: [("0", 0), ("65535", 65535), ("08000", 8000)])
    func takesPorts(text: String, port: Int) {
        #expect(SettingKind.port.parse(text) == port)
    }

    @Test(
        "What is no port is refused",
        arguments: ["", "-1", "+1", "65536", "80a", "8 0", "1e3", "0x50", "80.0", "٣", "99999999999999999999"])
    func refusesPorts(text: String) {
        #expect(SettingKind.port.parse(text) == nil)
    }

    @Test func `There is at least one loop and at most 1024`() {
        #expect(fileLayer("[global]\nloops = 1\n").problems.isEmpty)
        #expect(fileLayer("[global]\nloops = 1024\n").problems.isEmpty)
        #expect(
            fileLayer("[global]\nloops = 0\n").problems
                == ["orbited.cfg:2: \"loops\" must be a whole number from 1 to 1024, not \"0\""])
        #expect(fileLayer("[global]\nloops = 1025\n").problems.count == 1)
    }

    @Test(
        "Sizes are plain, or in K or M",
        arguments: [("1", 1), ("1024", 1024), ("8K", 8192), ("8k", 8192), ("64M", 67_108_864), ("1m", 1_048_576)])
    func takesSizes(text: String, size: Int) {
        #expect(SettingKind.bytes(1...SettingBound.large).parse(text) == size)
    }

    @Test(
        "What is no size is refused",
        arguments: ["", "K", "M", "0", "0K", "1G", "1KB", "1 K", "-1K", "1.5M", "9223372036854775807K", "1048577M"])
    func refusesSizes(text: String) {
        #expect(SettingKind.bytes(1...SettingBound.large).parse(text) == nil)
    }

    @Test("Sizes are shown in the largest unit that is exact", arguments: [(0, "0"), (1000, "1000"), (8192, "8K")])
    func showsSizes(size: Int, text: String) {
        #expect(SettingKind.bytes(0...SettingBound.large).render(size) == text)
    }

    @Test(
        "Times are seconds, with or without decimals",
        arguments: [
            ("5", Duration.seconds(5)), ("0.5", .milliseconds(500)), ("1.000000001", .seconds(1) + .nanoseconds(1)),
            ("31536000", .seconds(31_536_000)), ("2.50", .milliseconds(2500)),
        ])
    func takesTimes(text: String, time: Duration) {
        #expect(SettingKind.someSeconds.parse(text) == time)
        #expect(SettingKind.seconds.parse(SettingKind.seconds.render(time)) == time)
    }

    @Test(
        "What is no time is refused",
        arguments: ["", ".", ".5", "5.", "-1", "1s", "1e3", "nan", "inf", "0.0000000001", "1.2.3", "31536000.1"])
    func refusesTimes(text: String) {
        #expect(SettingKind.seconds.parse(text) == nil)
    }

    @Test func `A time of nothing is taken where it has a meaning`() {
        #expect(SettingKind.seconds.parse("0") == .zero)
        #expect(SettingKind.someSeconds.parse("0") == nil)
        #expect(SettingKind.someSeconds.parse("0.000") == nil)
        #expect(fileLayer("[global]\nsession.timeout = 0\nshutdown.timeout = 0\n").problems.isEmpty)
        #expect(fileLayer("[transport]\nxhr.timeout = 0\nheartbeat = 0\n").problems.count == 2)
    }

    @Test("A switch has many words", arguments: [("1", "0"), ("yes", "no"), ("true", "false"), ("ON", "Off")])
    func takesSwitches(on: String, off: String) {
        #expect(SettingKind.toggle.parse(on) == true)
        #expect(SettingKind.toggle.parse(off) == false)
        #expect(SettingKind.toggle.parse(on + off) == nil)
    }

    @Test func `Levels and transports are taken in any case`() {
        #expect(SettingKind.logLevel.parse("INFO") == "info")
        #expect(SettingKind.logLevel.parse("loud") == nil)
        #expect(SettingKind.transport.parse("XHR") == "xhr")
        #expect(SettingKind.transport.parse("raw") == nil)
    }

    @Test("A session's name fits into a key", arguments: ["", "a, b", "a\u{7}b"])
    func refusesSessionNames(text: String) {
        #expect(SettingKind.sessionName.parse(text) == nil)
        #expect(SettingKind.sessionName.parse("a,b") == "a,b")
    }
}
