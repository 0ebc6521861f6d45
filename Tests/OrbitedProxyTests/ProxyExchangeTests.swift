import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@testable import OrbitedProxy

@Suite("Exchanges over sockets", .timeLimit(.minutes(1)))
struct ProxyExchangeTests {
    @Test("A request reaches the application rewritten, and the response the browser")
    func roundTrip() async throws {
        try await ProxyHarness.run { proxy, application in
            let exchange = try await proxy.send(
                .GET, "/path?q=a|b", ["Host": "example.org", "Connection": "X-Hop", "X-Hop": "1", "Accept": "*/*"],
                to: application.address)
            let connection = try await application.connection()
            #expect(
                try await connection.head() == [
                    "GET /path?q=a|b HTTP/1.1", "Host: example.org", "Accept: */*", "X-Forwarded-For: 192.0.2.7",
                    "X-Forwarded-Proto: http", "X-Forwarded-Host: example.org",
                ])
            try await connection.write(
                "HTTP/1.1 201 Created\r\nContent-Length: 5\r\nConnection: X-Hop\r\nX-Hop: 1\r\nX-Stay: 2\r\n\r\nhello")
            let response = try await exchange.response()
            #expect(response.head.status == .created)
            #expect(response.head.headers.lines == ["X-Stay: 2", "Content-Length: 5"])
            #expect(response.body == "hello")
        }
    }

    @Test("A response streams: its first part arrives before the second is sent")
    func streamedResponse() async throws {
        try await ProxyHarness.run { proxy, application in
            let exchange = try await proxy.send(to: application.address)
            let connection = try await application.connection()
            _ = try await connection.head()
            try await connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            #expect(try await exchange.head()?.headers.isEmpty == true)
            try await connection.write("5\r\nfirst\r\n")
            #expect(try await exchange.body(count: 5) == "first")
            try await connection.write("6\r\nsecond\r\n0\r\nX-Sum: 1\r\nHost: b\r\n\r\n")
            let rest = try await exchange.response()
            #expect(rest.body == "second")
            #expect(rest.trailers == ["X-Sum": "1"])
        }
    }

    @Test("A request streams: its first part arrives before the second is sent")
    func streamedRequest() async throws {
        try await ProxyHarness.run { proxy, application in
            let exchange = try await proxy.begin(
                .POST, "/", ["Host": "a", "Transfer-Encoding": "chunked"], to: application.address)
            let connection = try await application.connection()
            #expect(try await connection.head().contains("Transfer-Encoding: chunked"))
            try await exchange.body("first")
            #expect(try await connection.text(through: "first\r\n") == "5\r\nfirst\r\n")
            try await exchange.body("second")
            try await exchange.end(["X-Sum": "1"])
            #expect(try await connection.text(through: "\r\n\r\n") == "6\r\nsecond\r\n0\r\nX-Sum: 1\r\n\r\n")
            try await connection.write("HTTP/1.1 204 No Content\r\n\r\n")
            #expect(try await exchange.response().head.status == .noContent)
        }
    }

    @Test("A request with a length keeps it")
    func requestWithLength() async throws {
        try await ProxyHarness.run { proxy, application in
            let exchange = try await proxy.begin(
                .POST, "/", ["Host": "a", "Content-Length": "5"], to: application.address)
            try await exchange.body("hello")
            try await exchange.end()
            let connection = try await application.connection()
            #expect(try await connection.head().contains("Content-Length: 5"))
            #expect(try await connection.text(through: "hello") == "hello")
            try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            #expect(try await exchange.response().head.status == .ok)
        }
    }

    @Test("An application that speaks HTTP/1.0 ends its response by closing")
    func closeDelimited() async throws {
        try await ProxyHarness.run { proxy, application in
            let exchange = try await proxy.send(to: application.address)
            let connection = try await application.connection()
            _ = try await connection.head()
            try await connection.write("HTTP/1.0 200 OK\r\nX-Stay: 1\r\n\r\nhello")
            #expect(try await exchange.head()?.headers.lines == ["X-Stay: 1"])
            try await connection.close()
            let response = try await exchange.response()
            #expect(response.body == "hello")
            #expect(!response.isAborted)
        }
    }

    @Test(
        "A response without a body ends at its head, and the connection goes on",
        arguments: [
            (HTTPMethod.HEAD, "200 OK", "Content-Length: 500"), (.HEAD, "200 OK", "Transfer-Encoding: chunked"),
            (.GET, "204 No Content", "Content-Length: 0"), (.GET, "304 Not Modified", "Content-Length: 500"),
        ])
    func bodiless(method: HTTPMethod, status: String, framing: String) async throws {
        try await ProxyHarness.run { proxy, application in
            let exchange = try await proxy.send(method, to: application.address)
            let connection = try await application.connection()
            _ = try await connection.head()
            try await connection.write("HTTP/1.1 \(status)\r\n\(framing)\r\n\r\n")
            let response = try await exchange.response()
            #expect(response.body.isEmpty && !response.isAborted)
            #expect(response.head.headers.lines == (framing.hasSuffix("500") ? [framing] : []))

            let next = try await proxy.send(.GET, "/next", to: application.address)
            #expect(try await connection.head().first == "GET /next HTTP/1.1")
            try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            #expect(try await next.response().body == "ok")
        }
    }

    @Test("A browser that waits for 100 Continue gets the application's")
    func continues() async throws {
        try await ProxyHarness.run { proxy, application in
            let exchange = try await proxy.begin(
                .PUT, "/", ["Host": "a", "Content-Length": "5", "Expect": "100-continue"], to: application.address)
            let connection = try await application.connection()
            #expect(try await connection.head().contains("Expect: 100-continue"))
            try await connection.write("HTTP/1.1 100 Continue\r\n\r\n")
            #expect(try await exchange.head()?.status == .continue)
            try await exchange.body("hello")
            try await exchange.end()
            #expect(try await connection.text(through: "hello") == "hello")
            try await connection.write("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")
            try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            #expect(try await exchange.response().head.status == .ok)
        }
    }

    @Test("A response that comes before the request's end is the response")
    func earlyResponse() async throws {
        try await ProxyHarness.run { proxy, application in
            let exchange = try await proxy.begin(
                .PUT, "/", ["Host": "a", "Content-Length": "500"], to: application.address)
            let connection = try await application.connection()
            _ = try await connection.head()
            try await connection.write("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno")
            let response = try await exchange.response()
            #expect(response.head.status == .expectationFailed)
            #expect(response.body == "no")
            try await connection.closed()
            try await exchange.body("too late")
            try await exchange.end()
        }
    }

    @Test("A browser that goes in the middle of a response frees the application's connection")
    func clientGoes() async throws {
        try await ProxyHarness.run { proxy, application in
            let exchange = try await proxy.send(to: application.address)
            let connection = try await application.connection()
            _ = try await connection.head()
            try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhello")
            _ = try await exchange.head()
            try await exchange.clientClosed()
            try await connection.closed()
        }
    }

    @Test("Requests that the proxy can't pass on are answered by itself, without a body to HEAD")
    func refusals() async throws {
        try await ProxyHarness.run { proxy, application in
            let socket = try await proxy.send(
                .GET, "/", ["Host": "a", "Connection": "Upgrade", "Upgrade": "websocket"], to: application.address
            ).response()
            #expect(socket.head.status == .notImplemented)
            #expect(socket.body.contains("WebSockets"))

            let head = try await proxy.send(.HEAD, "/", ["Host": "a", "host": "b"], to: application.address).response()
            #expect(head.head.status == .badRequest)
            #expect(head.body.isEmpty)
            #expect(head.head.headers.first(name: "Content-Length") != "0")
        }
    }
}
