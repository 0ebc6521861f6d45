import ArgumentParser
import Foundation
import OrbitedConformance

/// The suite's program.
@main
struct Main: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "orbited-conformance",
        abstract: "Tell whether servers and clients conform to the specification of Orbited.",
        discussion: """
            The suite itself is data, in the folder conformance: it is looked for in the current folder, and elsewhere \
            with --cases or the variable ORBITED_CONFORMANCE, which names that folder.

            EXIT STATUS: 0 if all has passed, 1 if something has failed or all was skipped, 2 if the command line is \
            wrong or a file can't be read, 3 if the server or the adapter could not be started or is not reachable, \
            130 if the run was broken off by a signal.
            """,
        subcommands: [
            ServerCommandLine.self, ClientCommandLine.self, PairCommandLine.self, ListCommandLine.self,
            MatrixCommandLine.self,
        ])

    static func main() async {
        do {
            var command = try Main.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let status as ExitCode {
            Foundation.exit(status.rawValue)
        } catch let error where error is UsageError || error is UnreachableError {
            FileHandle.standardError.write(Data("Error: \(error)\n".utf8))
            Foundation.exit(ExitStatus(of: error).rawValue)
        } catch {
            let isFault = Main.exitCode(for: error) != .success
            let text = Main.fullMessage(for: error) + "\n"
            (isFault ? FileHandle.standardError : .standardOutput).write(Data(text.utf8))
            Foundation.exit(isFault ? ExitStatus.usage.rawValue : ExitStatus.passed.rawValue)
        }
    }
}
