import OrbitedTesting

@testable import OrbitedServer

extension Setting {
    /// A text that the setting takes and that is not its default.
    var sample: String? {
        switch role {
        case .rules: return "/chat -> ORBITED"
        case .obsolete: return nil
        case .field(let field):
            let unchanged = field.value(in: Configuration())
            return Setting.texts[field.kind]?.first { $0 != unchanged && field.parsed($0) != nil }
        }
    }

    /// A text that the setting does not take.
    var badSample: String? {
        switch role {
        case .rules: "chat"
        case .obsolete: nil
        case .field(let field): field.kind == "name" ? "a, b" : "?!"
        }
    }

    private static let texts = [
        "port": ["8123"],
        "number": ["77", "3"],
        "size": ["5M"],
        "time": ["7.25"],
        "0|1": ["1", "0"],
        "level": ["debug"],
        "policy": ["conflate"],
        "transport": ["xhr"],
        "name": ["shared"],
        "host": ["localhost"],
        "file": [Repository.root.appending(path: "LICENSE").path],
        "url": ["http://127.0.0.1:4700/orbited/signon"],
        "origins": ["https://example.org, http://localhost:8080"],
    ]

    /// A file that gives the setting `text`.
    func file(_ text: String) -> String {
        switch role {
        case .rules: "[proxy]\n\(text)\n"
        case .field, .obsolete: "[\(id.section)]\n\(id.key) = \(text)\n"
        }
    }
}

/// Reads a file of settings from its text.
func fileLayer(_ text: String) -> SettingLayer {
    ConfigurationFile(Array(text.utf8), name: "orbited.cfg").layer
}

/// What comes of a file, flags and an environment.
func loaded(_ file: String = "", flags: [String] = [], environment: [String: String] = [:]) -> LoadedConfiguration {
    let layers = [fileLayer(file), SettingVariables(environment).layer, SettingFlags(flags).layer]
    return LoadedConfiguration(layers: layers)
}
