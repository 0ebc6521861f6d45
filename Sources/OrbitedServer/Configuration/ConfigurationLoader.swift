/// Puts a configuration together: flags count most, then the environment, then the file, then the defaults.
public enum ConfigurationLoader {
    /// The file that is read if none is named and there is one of this name in the current folder.
    public static let defaultFile = "orbited.cfg"

    /// How large a file of settings may be: 1 MiB.
    static let mostBytes = 1_048_576

    /// Reads all that the server is told.
    ///
    /// - Parameters:
    ///   - file: The file of settings. If nil, it is the one that `--config` among the arguments names, else the one
    ///     that `ORBITED_CONFIG` names, else ``defaultFile``, which alone may be missing.
    ///   - arguments: The flags, without the name of the program and of its command.
    ///   - environment: The environment; variables whose names don't begin with `ORBITED_` are ignored.
    ///   - currentDirectory: The folder that a relative file name starts from.
    /// - Returns: The configuration, where its values came from, and warnings.
    /// - Throws: All faults of all sources at once.
    public static func load(
        file: String? = nil, arguments: [String], environment: [String: String], currentDirectory: String
    ) throws(ConfigurationError) -> LoadedConfiguration {
        let flags = SettingFlags(arguments)
        let variables = SettingVariables(environment)
        let fileLayer = read(named: file ?? flags.file ?? variables.file, in: currentDirectory)
        let layers = [fileLayer, variables.layer, flags.layer]

        let problems = layers.flatMap(\.problems)
        guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
        let loaded = LoadedConfiguration(layers: layers)
        let conflicts = loaded.conflicts
        guard conflicts.isEmpty else { throw ConfigurationError(problems: conflicts) }
        return loaded
    }

    private static func read(named name: String?, in folder: String) -> SettingLayer {
        var faulty = SettingLayer()
        guard name != "" else {
            faulty.add(problem: "the name of the file of settings is empty")
            return faulty
        }
        let file = name ?? defaultFile
        do throws(BoundedFile.Failure) {
            let path = file.hasPrefix("/") ? file : "\(folder)/\(file)"
            let bytes = try BoundedFile.read(path, upTo: mostBytes)
            return ConfigurationFile(bytes, name: file).layer
        } catch .missing where name == nil {
            return SettingLayer()
        } catch {
            faulty.add(problem: "\(file): \(sentence(error))")
            return faulty
        }
    }

    private static func sentence(_ failure: BoundedFile.Failure) -> String {
        switch failure {
        case .missing: "there is no such file"
        case .folder: "this is a folder, not a file"
        case .tooLarge: "the file is larger than \(mostBytes) bytes, as no file of settings needs to be"
        case .system(let reason): "the file can't be read: \(reason)"
        }
    }
}
