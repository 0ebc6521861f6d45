import ArgumentParser
import Foundation
import OrbitedServer

extension LoadedConfiguration {
    /// The configuration from flags, environment and file; warnings and errors go to standard error, and an error ends
    /// the program with 1.
    static func orExit(_ arguments: [String]) throws -> LoadedConfiguration {
        do throws(ConfigurationError) {
            let loaded = try ConfigurationLoader.load(
                arguments: arguments, environment: ProcessInfo.processInfo.environment,
                currentDirectory: FileManager.default.currentDirectoryPath)
            for warning in loaded.warnings { Output.error("warning: \(warning)") }
            return loaded
        } catch {
            for problem in error.problems { Output.error(problem) }
            throw ExitCode(1)
        }
    }
}
