import NIOCore
import NIOSSL
import Testing

@testable import OrbitedClient

@Suite("Connections that are encrypted", .timeLimit(.minutes(1)))
struct TLSTests {
    private func run(
        host: String = "localhost", tls: NIOSSLContext?, trust: TLSConfiguration,
        _ test: (OrbitedClient) async throws -> Void
    ) async throws {
        let server = try await ScriptedServer.start(tls: tls) { channel, frame in channel.succeed(frame) }
        var options = ClientOptions(host: host, port: server.port)
        options.connectTimeout = .seconds(5)
        options.tls = .enabled(trust)
        let client = OrbitedClient(options)
        try await test(client)
        await client.disconnect(timeout: .zero)
        try await server.stop()
    }

    private func expectFailure(_ client: OrbitedClient) async {
        let error = await #expect(throws: OrbitedError.self) { try await client.connect() }
        #expect(error?.kind == .connectFailed && error?.isRetrySafe == true)
    }

    @Test("a server whose certificate is trusted and good for the host is spoken to")
    func trusted() async throws {
        try await run(tls: TestCertificate.server(), trust: TestCertificate.trust()) { client in
            let receipt = try await client.event(to: "m, 0, /c", body: "1")
            #expect(receipt.ok)
        }
    }

    @Test("a certificate that is not trusted is refused")
    func untrusted() async throws {
        try await run(tls: TestCertificate.server(), trust: .makeClientConfiguration(), expectFailure)
    }

    @Test("a certificate for another name is refused")
    func otherName() async throws {
        try await run(host: "127.0.0.1", tls: TestCertificate.server(), trust: TestCertificate.trust(), expectFailure)
    }

    @Test("a server that speaks no TLS is not spoken to in the clear")
    func plain() async throws {
        try await run(tls: nil, trust: TestCertificate.trust(), expectFailure)
    }
}
