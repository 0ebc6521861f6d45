import Foundation
import Synchronization
import Testing

@testable import OrbitedConformance

@Suite("Servers that the suite starts")
struct ServerProcessTests {
    private let registry: Registry

    init() throws { registry = try Registry(RegistryTests.registry) }

    private func command(_ script: String, patience: Duration = .seconds(20)) -> ServerCommand {
        var command = ServerCommand(["/bin/sh", "-c", script], registry: registry)
        command.patience = patience
        return command
    }

    private func error(_ command: ServerCommand) async -> String {
        do {
            await (try ServerProcess.start(command)).end()
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test("A server that never listens is an error that says what it printed")
    func silent() async {
        let text = await error(
            command("echo waiting for $ORBITED_HTTP_PORT; exec sleep infinity", patience: .milliseconds(300)))
        #expect(text.contains("does not listen on its ports"))
        #expect(text.contains("waiting for 2") || text.contains("waiting for 3"))
    }

    @Test("A server that ends instead of listening is an error with its status and its words")
    func ended() async {
        let text = await error(command("echo no such setting >&2; exit 7"))
        #expect(text.contains("ended with status 7"))
        #expect(text.contains("no such setting"))
    }

    @Test("A command that is not there is an error")
    func missing() async {
        let text = await error(ServerCommand(["/no/such/server"], registry: registry))
        #expect(text.contains("/no/such/server can't be started"))
    }

    @Test("Of what a process prints the last lines are kept")
    func lastLines() async throws {
        let child = try LoggedProcess(["/bin/sh", "-c", "seq 1 10000; exit 3"], environment: [:])
        #expect(await child.exitStatus(within: .seconds(20)) == 3)
        let lines = await child.lastLines().split(separator: "\n")
        #expect(lines.count == 20)
        #expect(lines.last == "10000")
    }

    @Test("A process that ignores SIGTERM is ended by SIGKILL")
    func stubborn() async throws {
        let child = try LoggedProcess(
            ["/bin/sh", "-c", "trap '' TERM; echo ready; exec sleep infinity"], environment: [:])
        _ = try await child.printed.wait(until: .now + .seconds(20)) { printed, _ in
            printed.lines.contains("ready") ? true : nil
        }
        await child.end()
        #expect(await child.exitStatus(within: .zero) == 128 + Int(SIGKILL))
    }

    /// A server in Python, which listens on its three ports until somebody writes to it.
    private static let listener = """
        import os, selectors, socket, sys
        select = selectors.DefaultSelector()
        for name in ('HTTP', 'OP', 'ADMIN'):
            listener = socket.socket()
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(('127.0.0.1', int(os.environ[f'ORBITED_{name}_PORT'])))
            listener.listen()
            select.register(listener, selectors.EVENT_READ, True)
        while True:
            for key, _ in select.select():
                if key.data:
                    connection, _ = key.fileobj.accept()
                    select.register(connection, selectors.EVENT_READ, False)
                elif key.fileobj.recv(100):
                    print('a byte too much', flush=True)
                    os._exit(9)
                else:
                    select.unregister(key.fileobj)
                    key.fileobj.close()
        """

    private func runner(_ execute: @escaping @Sendable (Trial, Surroundings) async -> Outcome) throws -> Runner {
        var runner = Runner(
            .command(ServerCommand(["python3", "-c", Self.listener], registry: registry)),
            features: Features(known: [:], sets: [:]))
        runner.execute = execute
        return runner
    }

    @Test("A server that dies fails the trial that ran, and is started anew for the next", arguments: [false, true])
    func dies(isAlone: Bool) async throws {
        let ports = Mutex<[Int]>([])
        var runner = try runner { trial, surroundings in
            ports.withLock { $0.append(surroundings.controlPort) }
            guard trial.theCase.id == "killer" else { return .passed }
            do {
                let connection = try await Connection.connect(host: surroundings.host, port: surroundings.controlPort)
                try await connection.send(Array("x".utf8))
                _ = try? await connection.receive(until: .now + .seconds(20)) { received, _ in received.end }
                return .failed(Difference("the connection ended"))
            } catch {
                return .failed(Difference("\(error)"))
            }
        }
        runner.options.parallel = 1
        let results = try await runner.run(
            ["before", "killer", "after", "later"].map { Trial(Case.example($0, isAlone: isAlone && $0 == "killer")) })
        #expect(results.map(\.trial.name) == ["before", "killer", "after", "later"])
        #expect(results.map(\.verdict) == [.passed, .failed, .passed, .passed])
        guard case .failed(let difference) = results[1].outcome else { return }
        #expect(difference.reason.contains("the server died while the trial ran, with status 9"))
        #expect(difference.reason.contains("a byte too much"))
        #expect(difference.reason.contains("the connection ended"))
    }

    @Test("Cases with other settings, and those that are alone, have other servers")
    func servers() async throws {
        let ports = Mutex<[String: Int]>([:])
        let runner = try runner { trial, surroundings in
            ports.withLock { $0[trial.theCase.id] = surroundings.controlPort }
            return .passed
        }
        let cases = [
            Case.example("one"), Case.example("two"), Case.example("raw", settings: ["raw": "1"]),
            Case.example("alone", isAlone: true),
        ]
        _ = try await runner.run(cases.map { Trial($0) })
        let found = ports.withLock { $0 }
        #expect(found["one"] == found["two"])
        #expect(Set(found.values).count == 3)
    }

    @Test("A first server that can't be started ends the run")
    func unreachable() async throws {
        let runner = Runner(.command(command("exit 1")), features: Features(known: [:], sets: [:]))
        await #expect(throws: UnreachableError.self) { try await runner.run([Trial(Case.example("one"))]) }
    }

    @Test("A server that should run and does not ends the run")
    func notReachable() async throws {
        let port = try await FreePorts.take(host: "127.0.0.1")
        let place = Surroundings(controlPort: port, httpPort: port)
        let runner = Runner(.server(place), features: Features(known: [:], sets: [:]))
        await #expect(throws: UnreachableError.self) { try await runner.run([Trial(Case.example("one"))]) }
    }

    @Test("A trial that does not end fails in its time")
    func hangs() async throws {
        var runner = Runner(.client, features: Features(known: [:], sets: [:]))
        runner.options.timeout = .milliseconds(50)
        runner.execute = { _, _ in
            let (nothing, _) = AsyncStream.makeStream(of: Never.self)
            for await _ in nothing {}
            return .passed
        }
        let results = try await runner.run([Trial(Case.example("one"))])
        #expect(results.map(\.verdict) == [.failed])
    }

    @Test("What the implementation lacks is skipped, and the order is that of the seed")
    func order() async throws {
        func order(_ seed: UInt64) async throws -> [String] {
            let names = Mutex<[String]>([])
            var features = Features(known: ["ws": ""], sets: [:])
            try features.exclude(["ws"])
            var runner = Runner(.client, features: features)
            runner.options.parallel = 1
            runner.options.seed = seed
            runner.execute = { trial, _ in
                names.withLock { $0.append(trial.name) }
                return .passed
            }
            let cases = (1...20).map { Case.example("case-\($0)") } + [Case.example("socket", features: ["ws"])]
            let results = try await runner.run(cases.map { Trial($0) })
            #expect(results.last?.outcome == .skipped(lacking: ["ws"]))
            return names.withLock { $0 }
        }
        let first = try await order(1)
        #expect(first.count == 20)
        #expect(try await order(1) == first)
        #expect(try await order(2) != first)
    }
}
