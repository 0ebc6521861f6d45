import NIOCore
import NIOHTTP1
import Testing

@testable import OrbitedProxy

@Suite("Connections that are used again", .timeLimit(.minutes(1)))
struct KeepAliveTests {
    private let hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

    /// One whole exchange on a new connection, which stays open.
    private func firstExchange(
        _ proxy: ProxyHarness, _ application: ScriptedApplication
    ) async throws -> ApplicationConnection {
        let exchange = try await proxy.send(.GET, "/first", to: application.address)
        let connection = try await application.connection()
        #expect(try await connection.head().first == "GET /first HTTP/1.1")
        try await connection.write(hello)
        #expect(try await exchange.response().body == "hello")
        return connection
    }

    @Test("The next request takes the same connection")
    func reuse() async throws {
        try await ProxyHarness.run { proxy, application in
            let connection = try await firstExchange(proxy, application)
            for number in 1...3 {
                let exchange = try await proxy.send(.POST, "/\(number)", to: application.address)
                #expect(try await connection.head().first == "POST /\(number) HTTP/1.1")
                try await connection.write(hello)
                #expect(try await exchange.response().body == "hello")
            }
        }
    }

    @Test("Two requests at once take two connections")
    func parallel() async throws {
        try await ProxyHarness.run { proxy, application in
            let one = try await proxy.send(.GET, "/one", to: application.address)
            let first = try await application.connection()
            let two = try await proxy.send(.GET, "/two", to: application.address)
            let second = try await application.connection()
            try await second.write(hello)
            try await first.write(hello)
            #expect(try await two.response().body == "hello")
            #expect(try await one.response().body == "hello")
        }
    }

    @Test("A reused connection that dies before the response is replaced, and the browser doesn't notice")
    func retry() async throws {
        try await ProxyHarness.run { proxy, application in
            let connection = try await firstExchange(proxy, application)
            let exchange = try await proxy.send(.GET, "/second", to: application.address)
            #expect(try await connection.head().first == "GET /second HTTP/1.1")
            try await connection.close()
            let fresh = try await application.connection()
            #expect(try await fresh.head().first == "GET /second HTTP/1.1")
            try await fresh.write(hello)
            #expect(try await exchange.response().body == "hello")
        }
    }

    @Test("A POST isn't sent twice when its connection dies")
    func noRetry() async throws {
        try await ProxyHarness.run { proxy, application in
            let connection = try await firstExchange(proxy, application)
            let exchange = try await proxy.send(.POST, "/second", to: application.address)
            _ = try await connection.head()
            try await connection.close()
            #expect(try await exchange.response().head.status == .badGateway)
        }
    }

    @Test("A connection that the application closed while it was unused does no harm")
    func closedWhileIdle() async throws {
        try await ProxyHarness.run { proxy, application in
            try await firstExchange(proxy, application).close()
            let exchange = try await proxy.send(.GET, "/second", to: application.address)
            let fresh = try await application.connection()
            _ = try await fresh.head()
            try await fresh.write(hello)
            #expect(try await exchange.response().body == "hello")
        }
    }

    @Test("What an application sends behind its response never answers the next request")
    func surplus() async throws {
        try await ProxyHarness.run { proxy, application in
            let exchange = try await proxy.send(to: application.address)
            let connection = try await application.connection()
            _ = try await connection.head()
            try await connection.write(hello + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
            #expect(try await exchange.response().body == "hello")
            try await connection.closed()
            let next = try await proxy.send(to: application.address)
            let fresh = try await application.connection()
            _ = try await fresh.head()
            try await fresh.write(hello)
            #expect(try await next.response().body == "hello")
        }
    }

    @Test("An unused connection on which something arrives is closed")
    func unsolicited() async throws {
        try await ProxyHarness.run { proxy, application in
            let connection = try await firstExchange(proxy, application)
            try await connection.write("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n")
            try await connection.closed()
            _ = try await firstExchange(proxy, application)
        }
    }

    @Test("An unused connection is closed when its time is over")
    func idleTimeout() async throws {
        try await ProxyHarness.run(configuration: ProxyConfiguration(idleTimeout: .milliseconds(50))) {
            proxy, application in
            try await firstExchange(proxy, application).closed()
        }
    }

    @Test("A connection that the application wants closed is closed")
    func connectionClose() async throws {
        try await ProxyHarness.run { proxy, application in
            let exchange = try await proxy.send(to: application.address)
            let connection = try await application.connection()
            _ = try await connection.head()
            try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")
            #expect(try await exchange.response().body == "hello")
            try await connection.closed()
        }
    }

    @Test("Without keep-alive each request says so and has its own connection")
    func withoutKeepAlive() async throws {
        try await ProxyHarness.run(configuration: ProxyConfiguration(keepAlive: false)) { proxy, application in
            let exchange = try await proxy.send(to: application.address)
            let connection = try await application.connection()
            #expect(try await connection.head().contains("Connection: close"))
            try await connection.write(hello)
            #expect(try await exchange.response().body == "hello")
            try await connection.closed()
        }
    }

    @Test("A closed proxy closes its unused connections, and the others after their response")
    func shutdown() async throws {
        try await ProxyHarness.run { proxy, application in
            let idle = try await firstExchange(proxy, application)
            let exchange = try await proxy.send(to: application.address)
            _ = try await idle.head()
            let other = try await proxy.send(to: application.address)
            let busy = try await application.connection()
            try await idle.write(hello)
            #expect(try await exchange.response().body == "hello")
            try await proxy.close()
            try await idle.closed()
            try await busy.write(hello)
            #expect(try await other.response().body == "hello")
            try await busy.closed()
        }
    }
}
