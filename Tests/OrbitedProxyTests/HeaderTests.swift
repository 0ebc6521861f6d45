import NIOHTTP1
import Testing

@testable import OrbitedProxy

@Suite("Headers")
struct HeaderTests {
    private func rewritten(
        _ headers: HTTPHeaders, _ method: HTTPMethod = .GET, uri: String = "/", version: HTTPVersion = .http1_1,
        clientAddress: String? = "192.0.2.7", keepAlive: Bool = true
    ) throws(ProxyFailure) -> HTTPRequestHead {
        let rewriting = UpstreamRequest(
            application: Application(host: "127.0.0.1", port: 4700), clientAddress: clientAddress, scheme: "http",
            keepAlive: keepAlive)
        return try rewriting.head(for: HTTPRequestHead(version: version, method: method, uri: uri, headers: headers))
    }

    /// Headers that come out of every request with `Host: a` from 192.0.2.7.
    private static let forwarding: [String] = [
        "X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: http", "X-Forwarded-Host: a",
    ]

    @Test(
        "A request crosses the proxy without what concerns its connection",
        arguments: [
            (["Host": "a", "Accept": "b"], ["Host: a", "Accept: b"]),
            (["Host": "a", "Connection": "close"], ["Host: a"]),
            (["Host": "a", "Connection": "X-Hop, keep-alive", "x-hop": "1", "X-Stay": "2"], ["Host: a", "X-Stay: 2"]),
            (
                ["Host": "a", "Connection": "Host, Content-Length", "Content-Length": "3"],
                ["Host: a", "Content-Length: 3"]
            ),
            (
                [
                    "Host": "a", "Keep-Alive": "1", "Proxy-Authenticate": "1", "Proxy-Authorization": "1",
                    "Proxy-Connection": "1", "TE": "trailers", "Trailer": "X", "Upgrade": "h2c",
                ], ["Host: a"]
            ),
            (["Host": "a", "Cookie": "b", "Authorization": "c"], ["Host: a", "Cookie: b", "Authorization: c"]),
        ] as [(HTTPHeaders, [String])])
    func hopByHop(headers: HTTPHeaders, expected: [String]) throws {
        #expect(try rewritten(headers).headers.lines == expected + Self.forwarding)
    }

    @Test(
        "A request has one clear framing",
        arguments: [
            (HTTPMethod.GET, [:], []),
            (.POST, [:], ["Content-Length: 0"]),
            (.POST, ["Content-Length": "12"], ["Content-Length: 12"]),
            (.POST, ["Content-Length": "12", "content-length": "12"], ["Content-Length: 12"]),
            (.POST, ["Transfer-Encoding": "Chunked"], ["Transfer-Encoding: chunked"]),
            (.DELETE, ["transfer-encoding": "chunked"], ["Transfer-Encoding: chunked"]),
        ] as [(HTTPMethod, HTTPHeaders, [String])])
    func framing(method: HTTPMethod, headers: HTTPHeaders, expected: [String]) throws {
        var headers = headers
        headers.add(name: "Host", value: "a")
        #expect(try rewritten(headers, method).headers.lines == ["Host: a"] + expected + Self.forwarding)
    }

    @Test("The browser's address, scheme and host are told, whatever it says itself")
    func forwarding() throws {
        let head = try rewritten([
            "Host": "example.org:8000", "X-Forwarded-For": "198.51.100.1", "x-forwarded-for": "198.51.100.2",
            "X-Forwarded-Proto": "https", "X-Forwarded-Host": "bank.example",
        ])
        #expect(head.headers["X-Forwarded-For"] == ["198.51.100.1, 198.51.100.2, 192.0.2.7"])
        #expect(head.headers["X-Forwarded-Proto"] == ["http"])
        #expect(head.headers["X-Forwarded-Host"] == ["example.org:8000"])
        #expect(head.headers["Host"] == ["example.org:8000"])
    }

    @Test("A browser without an address adds none")
    func noAddress() throws {
        #expect(try rewritten(["Host": "a"], clientAddress: nil).headers["X-Forwarded-For"] == [])
    }

    @Test("An HTTP/1.0 request becomes an HTTP/1.1 request, with the application's host if it names none")
    func http10() throws {
        let head = try rewritten(
            ["Expect": "100-continue", "Content-Length": "1", "X-Forwarded-Host": "b"], .POST, version: .http1_0)
        #expect(head.version == .http1_1)
        #expect(head.headers["Host"] == ["127.0.0.1:4700"])
        #expect(!head.headers.contains(name: "X-Forwarded-Host"))
        #expect(!head.headers.contains(name: "Expect"))
    }

    @Test("An expectation is passed on with a body only")
    func expect() throws {
        let expectation: HTTPHeaders = ["Host": "a", "Expect": "100-continue"]
        #expect(!(try rewritten(expectation).headers.contains(name: "Expect")))
        var withBody = expectation
        withBody.add(name: "Content-Length", value: "1")
        #expect(try rewritten(withBody, .POST).headers["Expect"] == ["100-continue"])
    }

    @Test("Without keep-alive the application is told to close")
    func keepAlive() throws {
        #expect(try rewritten(["Host": "a"], keepAlive: false).headers["Connection"] == ["close"])
    }

    @Test(
        "A request that isn't clear, or asks for what there isn't, is refused",
        arguments: [
            (HTTPMethod.CONNECT, "a:1", .http1_1, ["Host": "a"], ProxyFailure.tunnelUnsupported),
            (.GET, "/", .http1_1, ["Connection": "Upgrade", "Upgrade": "websocket"], .upgradeUnsupported),
            (.GET, "/", .http1_1, ["connection": "a, upgrade", "upgrade": "h2c, WebSocket"], .upgradeUnsupported),
            (.POST, "/", .http1_1, ["Transfer-Encoding": "gzip, chunked"], .codingUnsupported),
            (
                .POST, "/", .http1_1, ["Transfer-Encoding": "chunked", "transfer-encoding": "chunked"],
                .codingUnsupported
            ),
            (
                .POST, "/", .http1_1, ["Transfer-Encoding": "chunked", "Content-Length": "1"],
                .malformedRequest(reason: "it has both a Content-Length and a Transfer-Encoding")
            ),
            (
                .POST, "/", .http1_0, ["Transfer-Encoding": "chunked"],
                .malformedRequest(reason: "HTTP/1.0 has no transfer codings")
            ),
            (
                .POST, "/", .http1_1, ["Content-Length": "1", "content-length": "2"],
                .malformedRequest(reason: "its Content-Length isn't one number")
            ),
            (
                .POST, "/", .http1_1, ["Content-Length": "+1"],
                .malformedRequest(reason: "its Content-Length isn't one number")
            ),
            (
                .GET, "/a b", .http1_1, [:],
                .malformedRequest(reason: "its target holds characters that no URL has")
            ),
            (
                .GET, "/\r\nX: y", .http1_1, [:],
                .malformedRequest(reason: "its target holds characters that no URL has")
            ),
            (
                .GET, "/", .http1_1, ["X": "a\r\nY: b"],
                .malformedRequest(reason: "its headers hold characters that no header has")
            ),
            (
                .GET, "/", .http1_1, ["X Y": "a"],
                .malformedRequest(reason: "its headers hold characters that no header has")
            ),
            (
                .GET, "/", .http1_1, ["Host": "a", "host": "b"],
                .malformedRequest(reason: "it names more than one host")
            ),
        ] as [(HTTPMethod, String, HTTPVersion, HTTPHeaders, ProxyFailure)])
    func refuses(method: HTTPMethod, uri: String, version: HTTPVersion, headers: HTTPHeaders, failure: ProxyFailure) {
        #expect(throws: failure) { try rewritten(headers, method, uri: uri, version: version) }
    }

    @Test(
        "Targets that browsers send and grammar forbids pass as they are", arguments: ["/?q=a|b", "/{x}", "/ä", "//a"])
    func looseTargets(uri: String) throws {
        #expect(try rewritten(["Host": "a"], uri: uri).uri == uri)
    }

    @Test(
        "A response crosses the proxy without what concerns its connection",
        arguments: [
            (HTTPResponseStatus.ok, ["Content-Length": "3", "Connection": "close"], ["Content-Length: 3"]),
            (.ok, ["Transfer-Encoding": "chunked", "Trailer": "X", "Keep-Alive": "timeout=5"], []),
            (.ok, ["Connection": "X-Hop, Content-Length", "X-Hop": "1", "Content-Length": "3"], ["Content-Length: 3"]),
            (.ok, ["Set-Cookie": "a=1", "set-cookie": "b=2"], ["Set-Cookie: a=1", "set-cookie: b=2"]),
            (.ok, ["Content-Length": "3", "content-length": "3"], ["Content-Length: 3"]),
            (.noContent, ["Content-Length": "0"], []),
            (.notModified, ["Content-Length": "30", "ETag": "x"], ["ETag: x", "Content-Length: 30"]),
            (.continue, ["Content-Length": "0", "X": "y"], ["X: y"]),
        ] as [(HTTPResponseStatus, HTTPHeaders, [String])])
    func response(status: HTTPResponseStatus, headers: HTTPHeaders, expected: [String]) throws {
        let head = try ClientResponse.head(for: HTTPResponseHead(version: .http1_0, status: status, headers: headers))
        #expect(head.headers.lines == expected)
        #expect(head.status == status)
    }

    @Test(
        "A response that isn't clear is refused",
        arguments: [
            (HTTPResponseStatus.switchingProtocols, [:], "it switches protocols, which nobody asked for"),
            (.custom(code: 42, reasonPhrase: ""), [:], "it has no status that HTTP knows"),
            (.ok, ["X": "a\r\nSet-Cookie: b"], "its headers hold characters that no header has"),
            (.ok, ["Transfer-Encoding": "gzip"], "its transfer coding isn't chunked"),
            (
                .ok, ["Transfer-Encoding": "chunked", "Content-Length": "1"],
                "it has both a Content-Length and a Transfer-Encoding"
            ),
            (.ok, ["Content-Length": "1", "content-length": "2"], "its Content-Length isn't one number"),
            (.ok, ["Content-Length": "99999999999999999999"], "its Content-Length isn't one number"),
        ] as [(HTTPResponseStatus, HTTPHeaders, String)])
    func refusesResponse(status: HTTPResponseStatus, headers: HTTPHeaders, reason: String) {
        #expect(throws: ProxyFailure.malformedResponse(reason: reason)) {
            try ClientResponse.head(for: HTTPResponseHead(version: .http1_1, status: status, headers: headers))
        }
    }

    @Test(
        "Trailers cross the proxy but for those that had to come before the body",
        arguments: [
            (nil, nil),
            (["X-Sum": "1"], ["X-Sum": "1"]),
            (["X-Sum": "1", "Content-Length": "2", "Host": "a", "Connection": "b"], ["X-Sum": "1"]),
            (["Transfer-Encoding": "chunked"], nil),
            (["X": "a\nb"], nil),
        ] as [(HTTPHeaders?, HTTPHeaders?)])
    func trailers(trailers: HTTPHeaders?, expected: HTTPHeaders?) {
        #expect(HopByHop.stripped(trailers: trailers) == expected)
    }
}

extension HTTPHeaders {
    /// The fields as they would be written, in their order.
    var lines: [String] { map { "\($0.name): \($0.value)" } }
}
