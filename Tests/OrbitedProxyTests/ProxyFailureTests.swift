import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@testable import OrbitedProxy

@Suite("Applications that fail", .timeLimit(.minutes(1)))
struct ProxyFailureTests {
    @Test("An application that is down is a 502 that says so")
    func down() async throws {
        try await ProxyHarness.run { _, application in
            // The near end of a connection has a port that is taken, and where nobody listens.
            let occupied = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: application.address.port).get()
            let address = Application(host: "127.0.0.1", port: try #require(occupied.localAddress?.port))
            let proxy = try await ProxyHarness.start(
                rules: [ProxyRule(prefix: "/", target: .application(address))], configuration: ProxyConfiguration())

            let response = try await proxy.send(to: address).response()
            #expect(response.head.status == .badGateway)
            #expect(response.body.contains("it refused the connection"))
            #expect(response.body.contains("by the rule <code>/ -&gt; \(address)</code>"))
            #expect(response.head.headers["Content-Length"] == [String(response.body.utf8.count)])

            let head = try await proxy.send(.HEAD, to: address).response()
            #expect(head.head.status == .badGateway)
            #expect(head.body.isEmpty)
            try await occupied.close()
        }
    }

    @Test("A host that has no address is a 502 that says so")
    func unknownHost() async throws {
        let proxy = try await ProxyHarness.start(rules: [], configuration: ProxyConfiguration())
        let response = try await proxy.send(to: Application(host: "application.invalid", port: 80)).response()
        #expect(response.head.status == .badGateway)
        #expect(response.body.contains("application.invalid can&#39;t be found"))
    }

    @Test("An application that accepts no connection in time is a 504")
    func connectTimeout() async throws {
        let configuration = ProxyConfiguration(connectTimeout: .nanoseconds(1))
        try await ProxyHarness.run(configuration: configuration) { proxy, application in
            let response = try await proxy.send(to: application.address).response()
            #expect(response.head.status == .gatewayTimeout)
            #expect(response.body.contains("accepted no connection within"))
        }
    }

    @Test("A silent application is a 504, and its connection closes")
    func silent() async throws {
        let configuration = ProxyConfiguration(responseTimeout: .milliseconds(100))
        try await ProxyHarness.run(configuration: configuration) { proxy, application in
            let exchange = try await proxy.send(to: application.address)
            let connection = try await application.connection()
            let response = try await exchange.response()
            #expect(response.head.status == .gatewayTimeout)
            #expect(response.body.contains("was silent for 0.1 s"))
            try await connection.closed()
        }
    }

    @Test("An application that falls silent within its response breaks it off")
    func silentMidway() async throws {
        let configuration = ProxyConfiguration(responseTimeout: .seconds(1))
        try await ProxyHarness.run(configuration: configuration) { proxy, application in
            // The time stands still until the beginning of the response is there.
            let exchange = try await proxy.begin(to: application.address)
            try await exchange.clientWritabilityChanged(isWritable: false)
            try await exchange.end()
            let connection = try await application.connection()
            try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhello")
            try await exchange.clientWritabilityChanged(isWritable: true)
            let response = try await exchange.response()
            #expect(response.isAborted)
            #expect(response.body == "hello")
            try await connection.closed()
        }
    }

    @Test(
        "A response that breaks off is aborted, not ended",
        arguments: ["Content-Length: 500\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"])
    func truncated(rest: String) async throws {
        try await ProxyHarness.run { proxy, application in
            let exchange = try await proxy.send(to: application.address)
            let connection = try await application.connection()
            _ = try await connection.head()
            try await connection.write("HTTP/1.1 200 OK\r\n" + rest)
            #expect(try await exchange.head()?.status == .ok)
            #expect(try await exchange.body(count: 5) == "hello")
            try await connection.close()
            #expect(try await exchange.parts.next() == .abort)
        }
    }

    @Test("A chunk that is none breaks the response off")
    func malformedChunk() async throws {
        try await ProxyHarness.run { proxy, application in
            let exchange = try await proxy.send(to: application.address)
            let connection = try await application.connection()
            _ = try await connection.head()
            try await connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n")
            #expect(try await exchange.response().isAborted)
            try await connection.closed()
        }
    }

    @Test(
        "What is no response, or two at once, is a 502",
        arguments: [
            "SSH-2.0-OpenSSH\r\n",
            "HTTP/2.0 200 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
            "HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nhello!",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nX: a\r\n Set-Cookie: b\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX : a\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
        ])
    func malformed(bytes: String) async throws {
        try await ProxyHarness.run { proxy, application in
            let exchange = try await proxy.send(to: application.address)
            let connection = try await application.connection()
            _ = try await connection.head()
            try await connection.write(bytes)
            let response = try await exchange.response()
            #expect(response.head.status == .badGateway)
            #expect(response.body.contains("sent no valid HTTP response"))
            try await connection.closed()
        }
    }

    @Test("A head larger than the limit is a 502")
    func largeHead() async throws {
        try await ProxyHarness.run { proxy, application in
            let exchange = try await proxy.send(to: application.address)
            let connection = try await application.connection()
            _ = try await connection.head()
            let value = String(repeating: "a", count: ProxyLimits.headerField + 1)
            try await connection.write("HTTP/1.1 200 OK\r\nX: \(value)\r\nContent-Length: 0\r\n\r\n")
            let response = try await exchange.response()
            #expect(response.head.status == .badGateway)
            #expect(response.body.contains("its headers are larger"))
        }
    }

    @Test("A head that breaks off is a 502")
    func truncatedHead() async throws {
        try await ProxyHarness.run { proxy, application in
            let exchange = try await proxy.send(to: application.address)
            let connection = try await application.connection()
            _ = try await connection.head()
            try await connection.write("HTTP/1.1 200 OK\r\nContent-Le")
            try await connection.close()
            let response = try await exchange.response()
            #expect(response.head.status == .badGateway)
            #expect(response.body.contains("it ends within its head"))
        }
    }

    @Test("A fresh connection that closes without a response is a 502, without another try")
    func closedAtOnce() async throws {
        try await ProxyHarness.run { proxy, application in
            let exchange = try await proxy.send(to: application.address)
            let connection = try await application.connection()
            _ = try await connection.head()
            try await connection.close()
            #expect(try await exchange.response().head.status == .badGateway)
        }
    }
}
