import OrbitedProxy
import Testing

@testable import OrbitedServer

@Suite struct SettingTests {
    @Test("Each setting changes its field, from each source alike", arguments: Setting.current.map(\.id))
    func changesItsField(id: Setting.ID) throws {
        let setting = try #require(Setting.all.first { $0.id == id })
        let text = try #require(setting.sample)
        let fromFile = loaded(setting.file(text))
        #expect(fromFile.configuration != Configuration())
        for name in setting.flags {
            #expect(loaded(flags: [name, text]).configuration == fromFile.configuration)
            #expect(loaded(flags: ["\(name)=\(text)"]).configuration == fromFile.configuration)
        }
        for name in setting.variables {
            #expect(loaded(environment: [name: text]).configuration == fromFile.configuration)
        }
    }

    @Test func `No two settings change the same field`() throws {
        var changed: [Configuration] = []
        for setting in Setting.current {
            let configuration = loaded(setting.file(try #require(setting.sample))).configuration
            #expect(!changed.contains(configuration), "\(setting.id) changes what another changes")
            changed.append(configuration)
        }
    }

    @Test func `Each field of the configuration has a setting`() throws {
        let changed = loaded(
            flags: try Setting.current.flatMap { [try #require($0.flag), try #require($0.sample)] })
        let (before, after) = (leaves(of: Configuration()), leaves(of: changed.configuration))
        #expect(before.count == Setting.current.count)
        for (name, value) in before {
            #expect(after[name] != value, "\(name) can't be set")
        }
    }

    @Test("A setting refuses what it does not take, and says what it takes", arguments: Setting.current.map(\.id))
    func refuses(id: Setting.ID) throws {
        let setting = try #require(Setting.all.first { $0.id == id })
        let text = try #require(setting.badSample)
        let (flag, variable) = (try #require(setting.flag), try #require(setting.variable))
        let problems = [
            fileLayer(setting.file(text)), SettingFlags([flag, text]).layer, SettingVariables([variable: text]).layer,
        ].map(\.problems)
        #expect(problems.map(\.count) == [1, 1, 1])
        #expect(problems[0].first?.hasPrefix("orbited.cfg:2: ") == true)
        #expect(problems[1].first?.hasPrefix(flag) == true)
        #expect(problems[2].first?.hasPrefix(variable) == true)
        if case .field(let field) = setting.role {
            #expect(problems[1].first == "\(flag) must be \(field.requirement), not \"\(text)\"")
        }
    }

    @Test func `The values in effect, written out, read back as the same values`() throws {
        let flags = try Setting.current.flatMap { [try #require($0.flag), try #require($0.sample)] }
        for first in [loaded(flags: flags), loaded()] {
            let second = fileLayer(first.effectiveSettings())
            #expect(second.problems.isEmpty)
            #expect(LoadedConfiguration(layers: [second]).configuration == first.configuration)
        }
    }

    @Test func `Settings, flags and variables have names of their own`() {
        let names = Setting.current.flatMap { $0.flags + $0.variables }
        #expect(Set(names).count == names.count)
        #expect(Set(Setting.all.map(\.id)).count == Setting.all.count)
        #expect(!names.contains(SettingFlags.configFlag) && !names.contains(SettingVariables.configVariable))
    }

    @Test func `Names of flags and variables follow from section and key`() {
        let setting = Setting.named("xhr.timeout", in: .transport)
        #expect(setting?.flag == "--transport-xhr-timeout")
        #expect(setting?.variable == "ORBITED_TRANSPORT_XHR_TIMEOUT")
        let former = Setting.named("orbit.port", in: .global)
        #expect(former?.flags == ["--op-port", "--orbit-port"])
        #expect(former?.variables == ["ORBITED_OP_PORT", "ORBITED_ORBIT_PORT"])
        #expect(Setting.all.first { $0.id.section == .proxy }?.variable == "ORBITED_PROXY")
    }

    /// The fields of a structure within structures, by their paths.
    private func leaves(of value: Any, at path: String = "") -> [String: String] {
        let owner = Mirror(reflecting: value)
        let isOurs = String(reflecting: type(of: value)).hasPrefix("OrbitedServer.")
        guard isOurs else { return [path: "\(value)"] }
        return owner.children.reduce(into: [:]) { found, child in
            found.merge(leaves(of: child.value, at: "\(path).\(child.label ?? "")")) { first, _ in first }
        }
    }
}
