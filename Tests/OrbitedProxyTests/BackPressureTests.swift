import NIOCore
import NIOHTTP1
import Testing

@testable import OrbitedProxy

@Suite("Back-pressure", .timeLimit(.minutes(1)))
struct BackPressureTests {
    private static let size = 16 * 1024 * 1024

    @Test("While the browser takes nothing, the application isn't read, and nothing piles up")
    func slowBrowser() async throws {
        try await ProxyHarness.run { proxy, application in
            let slow = try await proxy.begin(to: application.address, stopsAtFirstBody: true)
            try await slow.end()
            let connection = try await application.connection()
            _ = try await connection.head()
            var bytes = ByteBuffer(string: "HTTP/1.1 200 OK\r\nContent-Length: \(Self.size)\r\n\r\n")
            bytes.writeRepeatingByte(UInt8(ascii: "x"), count: Self.size)
            let written = await connection.start(writing: bytes)
            _ = try await slow.head()

            // Other exchanges go on meanwhile; each is several turns of the proxy's event loop.
            for _ in 1...50 { try await roundTrip(proxy, application) }
            let before = slow.received()
            #expect(before < 1024 * 1024)
            for _ in 1...50 { try await roundTrip(proxy, application) }
            #expect(slow.received() == before)

            try await slow.clientWritabilityChanged(isWritable: true)
            #expect(try await slow.response().isAborted == false)
            #expect(slow.received() == Self.size)
            try await written.get()
        }
    }

    @Test("While the application takes nothing, the browser is paused until it does")
    func slowApplication() async throws {
        try await ProxyHarness.run { proxy, application in
            let exchange = try await proxy.begin(
                .POST, "/", ["Host": "a", "Content-Length": "\(Self.size)"], to: application.address)
            let connection = try await application.connection()
            _ = try await connection.head()
            try await connection.setAutoRead(false)
            try await exchange.body(ByteBuffer(repeating: UInt8(ascii: "x"), count: Self.size))
            #expect(try await exchange.parts.next() == .pause)
            try await exchange.end()
            try await connection.setAutoRead(true)
            try await connection.discard(Self.size)
            #expect(try await exchange.parts.next() == .resume)
            try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            #expect(try await exchange.response().head.status == .ok)
        }
    }

    @Test("An application that takes nothing of a request for too long is a 504")
    func stuckApplication() async throws {
        let configuration = ProxyConfiguration(responseTimeout: .milliseconds(100))
        try await ProxyHarness.run(configuration: configuration) { proxy, application in
            let exchange = try await proxy.begin(
                .POST, "/", ["Host": "a", "Content-Length": "\(Self.size * 2)"], to: application.address)
            let connection = try await application.connection()
            _ = try await connection.head()
            try await connection.setAutoRead(false)
            try await exchange.body(ByteBuffer(repeating: UInt8(ascii: "x"), count: Self.size))
            #expect(try await exchange.parts.next() == .pause)
            #expect(try await exchange.parts.next() == .resume)
            #expect(try await exchange.response().head.status == .gatewayTimeout)
        }
    }

    private func roundTrip(_ proxy: ProxyHarness, _ application: ScriptedApplication) async throws {
        let exchange = try await proxy.send(.GET, "/", ["Host": "a", "Connection": "close"], to: application.address)
        let connection = try await application.connection()
        try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        #expect(try await exchange.response().body == "ok")
    }
}
