import Foundation
import Testing

@testable import OrbitedServer

@Suite struct ConfigurationLoaderTests {
    private let folder = TemporaryFolder()

    private func load(
        file: String? = nil, _ arguments: [String] = [], environment: [String: String] = [:]
    ) throws(ConfigurationError) -> LoadedConfiguration {
        try ConfigurationLoader.load(
            file: file, arguments: arguments, environment: environment, currentDirectory: folder.path)
    }

    private func problems(
        file: String? = nil, _ arguments: [String] = [], environment: [String: String] = [:]
    ) -> [String] {
        do throws(ConfigurationError) {
            _ = try load(file: file, arguments, environment: environment)
            return []
        } catch {
            return error.problems
        }
    }

    @Test func `Nothing said means the defaults`() throws {
        let loaded = try load()
        #expect(loaded.configuration == Configuration())
        #expect(loaded.warnings.isEmpty && loaded.sources.isEmpty && loaded.rules.isEmpty)
    }

    @Test
    func `Flags count more than the environment, the environment more than the file, the file more than defaults`()
        throws
    {
        try folder.write("[global]\nhttp.port = 1\nop.port = 2\nloops = 3\n", to: "orbited.cfg")
        let environment = ["ORBITED_HTTP_PORT": "11", "ORBITED_OP_PORT": "12"]
        let loaded = try load(["--http-port", "21"], environment: environment)
        #expect(loaded.configuration.http.port == 21)
        #expect(loaded.configuration.control.port == 12)
        #expect(loaded.configuration.loops == 3)
        #expect(loaded.configuration.session.timeout == .seconds(5))
        let origins = ["http.port", "op.port", "loops", "session.timeout"]
            .map { loaded.origin(of: Setting.ID(section: .global, key: $0)) }
        let expected: [SettingOrigin] = [
            .flag("--http-port"), .environment(variable: "ORBITED_OP_PORT"), .file(name: "orbited.cfg", line: 4),
            .default,
        ]
        #expect(origins == expected)
    }

    @Test func `The file is the one named, then the flag's, then the environment's, then the folder's`() throws {
        for (name, port) in ["orbited.cfg": 1, "b.cfg": 2, "c.cfg": 3, "d.cfg": 4] {
            try folder.write("[global]\nhttp.port = \(port)\n", to: name)
        }
        let environment = ["ORBITED_CONFIG": "b.cfg"]
        #expect(try load().configuration.http.port == 1)
        #expect(try load(environment: environment).configuration.http.port == 2)
        #expect(try load(["--config", "c.cfg"], environment: environment).configuration.http.port == 3)
        #expect(try load(file: "d.cfg", ["--config=c.cfg"], environment: environment).configuration.http.port == 4)
        #expect(try load(file: folder.path + "/b.cfg").configuration.http.port == 2)
    }

    @Test func `A named file must be there`() {
        #expect(problems(file: "no.cfg") == ["no.cfg: there is no such file"])
        #expect(problems(["--config", "no.cfg"]) == ["no.cfg: there is no such file"])
        #expect(problems(environment: ["ORBITED_CONFIG": "orbited.cfg"]) == ["orbited.cfg: there is no such file"])
        #expect(problems(environment: ["ORBITED_CONFIG": ""]) == ["the name of the file of settings is empty"])
    }

    @Test func `A folder is no file`() throws {
        try folder.makeFolder("orbited.cfg")
        #expect(problems() == ["orbited.cfg: this is a folder, not a file"])
    }

    @Test func `A file that can't be read is named with the system's reason`() throws {
        try folder.makeLink("orbited.cfg", to: "orbited.cfg")
        let found = problems()
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("orbited.cfg: the file can't be read: ") == true)
    }

    @Test func `A file may have a mebibyte and no more`() throws {
        let most = String(repeating: "#", count: 1_048_576)
        try folder.write(most, to: "most.cfg")
        try folder.write(most + "#", to: "more.cfg")
        #expect(try load(file: "most.cfg").configuration == Configuration())
        let problem = "the file is larger than 1048576 bytes, as no file of settings needs to be"
        #expect(problems(file: "more.cfg") == ["more.cfg: \(problem)"])
        #expect(problems(file: "/dev/zero") == ["/dev/zero: \(problem)"])
    }

    @Test func `The faults of all sources are named at once, and so are their warnings`() throws {
        try folder.write("[global]\nhttp.port = x\n", to: "orbited.cfg")
        let found = problems(["--loops", "0"], environment: ["ORBITED_OP_PORT": "y"])
        let places = found.map { String($0.prefix { $0 != " " }) }
        #expect(places == ["orbited.cfg:2:", "ORBITED_OP_PORT", "--loops"])
        #expect(ConfigurationError(problems: found).description == found.joined(separator: "\n"))

        try folder.write("[log]\nlog.event = x\n", to: "orbited.cfg")
        let warnings = try load(["--transport-default", "stream"]).warnings
        #expect(warnings.map { $0.prefix { $0 != " " } } == ["orbited.cfg:2:", "--transport-default:"])
    }
}

/// A folder that is gone when the test is over.
private final class TemporaryFolder: Sendable {
    let path = NSTemporaryDirectory() + "/orbited-configuration-" + UUID().uuidString

    init() {
        #expect(throws: Never.self) {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    }

    func makeFolder(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: "\(path)/\(name)", withIntermediateDirectories: false)
    }

    func makeLink(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: "\(path)/\(name)", withDestinationPath: target)
    }
}
