import Testing

@testable import OrbitedServer

@Suite struct SettingTextTests {
    @Test func `The help shows each setting with its flag, its meaning and its default`() throws {
        let help = Setting.helpText()
        let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
        for setting in Setting.current {
            let line = try #require(lines.firstIndex { $0.hasPrefix("  \(setting.flag ?? "?") <") })
            #expect(lines[line].hasSuffix("  (default: \(setting.defaultWithUnit))"))
            #expect(lines[line + 1] == "      \(setting.help)")
        }
        for flag in Setting.obsolete.flatMap(\.flags) { #expect(!help.contains(flag)) }
        #expect(help.contains("--config <file>"))
        #expect(help.contains("(default: 5 seconds)"))
        #expect(help.contains("(default: 1 retry)"))
    }

    @Test func `The help goes section by section`() {
        let titles = [
            "[global] in", "[http] in", "[transport] in", "[limits] in", "[log] in", "[admin] in", "[callbacks] in",
            "[proxy] in",
        ]
        let places = titles.map { Setting.helpText().split(separator: $0, maxSplits: 1).first?.count ?? 0 }
        #expect(places == places.sorted() && Set(places).count == titles.count)
    }

    @Test func `The table shows each setting in a row of five cells`() throws {
        let lines = Setting.markdownTable().split(separator: "\n").map(String.init)
        for setting in Setting.current {
            let name = "`[\(setting.id.section)] \(setting.id.key)`"
            let row = try #require(lines.first { $0.hasPrefix("| \(name)") })
            #expect(row.contains(" | `\(try #require(setting.flag))` | `\(try #require(setting.variable))` | "))
            #expect(row.contains(" | \(setting.defaultWithUnit) | "))
            #expect(row.split(separator: "|").count == 5)
        }
        #expect(lines.contains { $0.hasPrefix("| `[global] op.port` or `orbit.port` | ") })
        #expect(lines.contains { $0.contains("`--config` | `ORBITED_CONFIG` | `orbited.cfg`") })
    }

    @Test func `The table says of settings without meaning what to do instead`() {
        let lines = Setting.markdownTable().split(separator: "\n")
        for setting in Setting.obsolete {
            #expect(lines.contains { $0.hasSuffix(" | \(setting.help) |") })
        }
        #expect(lines.contains { $0.hasPrefix("| `[log] log.event` | ") })
    }

    @Test func `The defaults are those of the configuration`() {
        let text = { (section: Setting.Section, key: String) in Setting.named(key, in: section)?.defaultText }
        #expect(text(.global, "http.port") == "8000")
        #expect(text(.global, "op.port") == "9000")
        #expect(text(.limits, "control.body") == "1M")
        #expect(text(.transport, "iframe.max_bytes") == "8M")
        #expect(text(.global, "loops") == "one a core")
        #expect(text(.admin, "port") == "9001")
    }

    @Test func `The values in effect are shown with where they came from`() {
        let shown = loaded(
            "[global]\nhttp.port = 8001\nop.port = 1\n[proxy]\n/ -> ORBITED\n",
            flags: ["--op-port", "2"], environment: ["ORBITED_LOG_LEVEL": "Error"]
        ).effectiveSettings()
        let lines = shown.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(lines.contains("http.port = 8001 # orbited.cfg:2"))
        #expect(lines.contains("op.port = 2 # --op-port"))
        #expect(lines.contains("level = error # ORBITED_LOG_LEVEL"))
        #expect(lines.contains("session.timeout = 5 # default"))
        #expect(lines.contains("proxy.enabled = 1 # because there are proxy rules"))
        #expect(lines.contains("/ -> ORBITED # orbited.cfg:5"))
        for setting in Setting.current where setting.id.section != .proxy {
            #expect(lines.contains { $0.hasPrefix("\(setting.id.key) = ") })
        }
    }
}
