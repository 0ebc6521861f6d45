import Logging
import NIOCore
import OrbitedProxy
import OrbitedServer
import Testing

/// A whole server in this process, on ports that the system chose.
struct TestServer: Sendable {
    let http: SocketAddress
    let control: SocketAddress
    let admin: SocketAddress?
    private let task: Task<Void, any Error>

    /// Runs a test with a server, and stops the server after it.
    static func run<Result>(
        loops: Int = 2, _ change: (inout Configuration) -> Void = { _ in },
        _ test: (TestServer) async throws -> Result
    ) async throws -> Result {
        let server = try await start(loops: loops, change)
        do {
            let result = try await test(server)
            try await server.stop()
            return result
        } catch {
            try await server.stop()
            throw error
        }
    }

    /// Runs a test with a server that passes everything on to an application that is not there.
    static func runBeforeNobody(_ test: (TestServer) async throws -> Void) async throws {
        let gone = try await start()
        let port = try #require(gone.http.port)
        try await gone.stop()
        try await run {
            $0.proxy.enabled = true
            $0.proxy.rules = [
                ProxyRule(prefix: "/", target: .application(Application(host: "127.0.0.1", port: port)))
            ]
        } _: { server in
            try await test(server)
        }
    }

    static func start(
        loops: Int = 2, _ change: (inout Configuration) -> Void = { _ in }
    ) async throws -> TestServer {
        var configuration = Configuration()
        configuration.loops = loops
        configuration.http.port = 0
        configuration.control.port = 0
        configuration.shutdownTimeout = .milliseconds(500)
        change(&configuration)
        let (listening, tell) = AsyncStream<OrbitedServer.Addresses>.makeStream()
        let server = OrbitedServer(
            configuration: configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { addresses in
            tell.yield(addresses)
            tell.finish()
        }
        let task = Task {
            defer { tell.finish() }
            try await server.run()
        }
        for await addresses in listening {
            return TestServer(
                http: addresses.http, control: addresses.control, admin: addresses.admin, task: task)
        }
        try await task.value
        throw CancellationError()
    }

    /// Begins to shut down.
    func beginStopping() { task.cancel() }

    /// Shuts down, and waits until that is done.
    func stop() async throws {
        task.cancel()
        try await task.value
    }
}
