import Foundation
import Synchronization

/// A server that the suite has started, and can start again on the same ports.
package final class ServerProcess: ServerControl {
    private let command: ServerCommand
    let ports: ServerCommand.Ports
    private let environment: [String: String]
    /// The ports that it listens on: a case may switch the HTTP control API off.
    private let listening: [Int]
    /// The files that are the values of settings; they are gone with this.
    private let files: SettingFiles
    private let child = Mutex<LoggedProcess?>(nil)

    private init(_ command: ServerCommand, _ ports: ServerCommand.Ports, settings: [String: String]) throws {
        self.command = command
        self.ports = ports
        files = try SettingFiles(settings, registry: command.registry)
        environment = try command.environment(ports, settings: files.settings)
        let hasAdmin = command.hasAdmin && settings["admin.enabled"] != "0"
        listening = hasAdmin ? ports.all : [ports.http, ports.control]
    }

    /// Starts a server on ports that are free.
    ///
    /// - Throws: ``UnreachableError`` that says what it printed, if its ports take no connections in time.
    package static func start(_ command: ServerCommand, settings: [String: String] = [:]) async throws -> ServerProcess
    {
        let ports = try await ServerCommand.Ports.take(host: command.host)
        let server = try ServerProcess(command, ports, settings: settings)
        do {
            try await server.start()
        } catch {
            await server.end()
            throw error
        }
        return server
    }

    /// Where trials find it.
    func surroundings(scale: Double) -> Surroundings {
        Surroundings(
            host: command.host, controlPort: ports.control, httpPort: ports.http, adminPort: ports.admin, scale: scale,
            server: self)
    }

    package func start() async throws {
        try await waitForEarlier()
        let child = try LoggedProcess(command.command, environment: environment)
        self.child.withLock { $0 = child }
        let deadline = ContinuousClock.now + command.patience
        // There is no event for a port of another process: it has to be tried.
        while await !isReady {
            if let status = await child.exitStatus(within: .milliseconds(20)) {
                throw UnreachableError(
                    "the server ended with status \(status) instead of listening\(await story(of: child))")
            }
            guard .now < deadline else {
                throw UnreachableError(
                    "the server does not listen on its ports \(listening.map(String.init).joined(separator: ", ")), "
                        + "which are in ORBITED_HTTP_PORT, ORBITED_OP_PORT and ORBITED_ADMIN_PORT, after "
                        + "\(command.patience)\(await story(of: child))")
            }
        }
    }

    /// Waits until the process that had the ports before has ended.
    private func waitForEarlier() async throws {
        guard let earlier = child.withLock({ $0 }) else { return }
        guard await earlier.exitStatus(within: command.patience) != nil else {
            throw UnreachableError("the server can't be started again: it has not ended after \(command.patience)")
        }
    }

    private var isReady: Bool {
        get async {
            for port in listening {
                guard await Reachability.isOpen(host: command.host, port: port) else { return false }
            }
            return true
        }
    }

    private func story(of child: LoggedProcess) async -> String {
        let hasEnded = await child.exitStatus(within: .zero) != nil
        let lines = hasEnded ? await child.lastLines() : child.linesSoFar
        return lines.isEmpty ? "; it printed nothing" : "; it printed last:\n\(lines)"
    }

    package func stop() async throws { child.withLock { $0 }?.signal(SIGTERM) }

    package func kill() async throws { child.withLock { $0 }?.signal(SIGKILL) }

    package func exitStatus(within time: Duration) async -> Int? {
        await child.withLock { $0 }?.exitStatus(within: time)
    }

    /// How it has ended, and what it printed last; nil if it runs.
    func death(within patience: Duration) async -> String? {
        guard let child = child.withLock({ $0 }), let status = await child.exitStatus(within: patience) else {
            return nil
        }
        return "status \(status)\(await story(of: child))"
    }

    /// Ends it: SIGTERM, and after 5 seconds SIGKILL.
    package func end() async { await child.withLock { $0 }?.end() }
}
