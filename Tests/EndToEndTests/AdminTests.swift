import Foundation
import NIOCore
import OrbitedServer
import Testing

extension EndToEnd {
    @Suite("The HTTP control API")
    struct AdminTests {
        private func run(
            _ change: @escaping (inout Configuration) -> Void = { _ in },
            _ test: (TestServer, SocketAddress) async throws -> Void
        ) async throws {
            try await TestServer.run {
                $0.admin.enabled = true
                $0.admin.port = 0
                change(&$0)
            } _: { server in
                try await test(server, try #require(server.admin))
            }
        }

        /// Sends a request on a connection of its own, and answers the whole response.
        private func ask(
            _ address: SocketAddress, _ line: String, _ body: String = "", headers: String = ""
        ) async throws -> String {
            let peer = try await Peer.connect(to: address)
            try await peer.send(
                "\(line) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
            )
            return try await peer.takeAll()
        }

        @Test("an event reaches whom it names and whom its patterns stand for, and its answer tells the rest [HTC-7]")
        func event() async throws {
            try await run { server, admin in
                let m = try await Browser.stream("/c?user=m", from: server)
                let n = try await Browser.stream("/c?user=n", from: server)
                let answer = try await ask(
                    admin, "POST /v1/events",
                    #"{"recipients": ["m, 0, /c", "o, 0, /c", "*, *, /c"], "body": {"a": [1, "ü"]}, "ttl": 0}"#)
                #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
                #expect(
                    answer.hasSuffix(
                        #"{"reached":2,"unreached":[{"key":"o, 0, /c","code":301,"name":"unreachable"}]}"# + "\n"))
                for browser in [m, n] { #expect(try await browser.event() == "data: {\"a\":[1,\"ü\"]}\n\n") }
            }
        }

        @Test("a text is sent as it is")
        func text() async throws {
            try await run { server, admin in
                let m = try await Browser.stream("/c?user=m", from: server)
                let answer = try await ask(
                    admin, "POST /v1/events", #"{"recipients": "m, 0, /c", "text": "<b>ü", "ttl": 5.0}"#)
                #expect(answer.hasSuffix(#"{"reached":1,"unreached":[]}"# + "\n"))
                #expect(try await m.event() == "data: <b>ü\n\n")
            }
        }

        @Test("keys are listed, and sessions closed, with a reason for their pages [HTC-8] [HTC-9]")
        func keysAndClose() async throws {
            try await run { server, admin in
                let m = try await Browser.stream("/c?user=m", from: server)
                #expect(try await ask(admin, "GET /v1/keys").hasSuffix(#"{"keys":["m, 0, /c"],"more":false}"# + "\n"))
                #expect(
                    try await ask(admin, "GET /v1/keys?recipient=*,+*,%20/d").hasSuffix(
                        #"{"keys":[],"more":false}"# + "\n"))
                let closed = try await ask(
                    admin, "POST /v1/close", #"{"recipients": "m, *, *", "reason": "Good bye."}"#)
                #expect(closed.hasSuffix("{\"closed\":1}\n"))
                #expect(try await m.event() == "event: closed\ndata: Good bye.\n\n")
            }
        }

        @Test(
            "what is wrong gets its status, its code and a sentence [HTC-10] [HTC-11]",
            arguments: [
                ("POST /v1/events", "nonsense", 400, 111), ("POST /v1/events", "[]", 400, 111),
                ("POST /v1/events", #"{"recipients": "m, 0", "text": ""}"#, 400, 106),
                ("POST /v1/events", #"{"recipients": [1], "text": ""}"#, 400, 111),
                ("POST /v1/events", #"{"recipients": "m, 0, /c"}"#, 400, 111),
                ("POST /v1/events", #"{"recipients": "m, 0, /c", "text": "", "body": 1}"#, 400, 111),
                ("POST /v1/events", #"{"recipients": "m, 0, /c", "text": "", "ttl": -1}"#, 400, 111),
                ("POST /v1/events", #"{"recipients": "m, 0, /c", "text": "", "ack": "maybe"}"#, 400, 111),
                ("POST /v1/events", #"{"recipient": "m, 0, /c", "text": ""}"#, 400, 111),
                ("POST /v1/close", #"{"recipients": "m, 0, /c", "reason": ""}"#, 400, 111),
                ("GET /v1/keys?limit=0", "", 400, 111), ("GET /v1/keys?limt=1", "", 400, 111),
                ("GET /v1/keys?recipient=%FF", "", 400, 111), ("GET /v1/events", "", 405, nil), ("GET /", "", 404, nil),
            ] as [(String, String, Int, Int?)])
        func wrong(line: String, body: String, status: Int, code: Int?) async throws {
            try await run { _, admin in
                let answer = try await ask(admin, line, body)
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
                #expect(answer.contains("\"error\":{\"message\":\""))
                if let code { #expect(answer.contains("\"code\":\(code),")) }
            }
        }

        @Test("a body over the limit gets 413 before all of it has come [HTC-3]")
        func tooLarge() async throws {
            try await run({ $0.control.maxBody = 1024 }) { _, admin in
                let large = try await ask(
                    admin, "POST /v1/events",
                    #"{"recipients": "m, 0, /c", "text": ""# + String(repeating: "x", count: 1025) + #""}"#)
                #expect(large.hasPrefix("HTTP/1.1 413 "))
                let peer = try await Peer.connect(to: admin)
                try await peer.send("POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n")
                // Were what still comes not taken, the connection would be reset, and the answer could be lost.
                peer.start(sending: ByteBuffer(repeating: UInt8(ascii: "x"), count: 4_000_000))
                #expect(try await peer.takeAll().hasPrefix("HTTP/1.1 413 "))
            }
        }

        @Test("a request that does not come whole in time gets 408 [HTC-3]")
        func tooSlow() async throws {
            try await run({ $0.control.frameTimeout = .milliseconds(200) }) { _, admin in
                let peer = try await Peer.connect(to: admin)
                try await peer.send("POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{")
                #expect(try await peer.takeAll().hasPrefix("HTTP/1.1 408 "))
            }
        }

        @Test("many requests go over one connection")
        func keepAlive() async throws {
            try await run { _, admin in
                let peer = try await Peer.connect(to: admin)
                for _ in 0..<3 {
                    try await peer.send("GET /v1/keys HTTP/1.1\r\nHost: a\r\n\r\n")
                    #expect(try await peer.take(through: "}\n").hasPrefix("HTTP/1.1 200 OK\r\n"))
                }
                await peer.close()
            }
        }

        @Test("a server with a secret wants it as a bearer token, but for its health [HTC-4]")
        func secret() async throws {
            let file = FileManager.default.temporaryDirectory.appending(path: "secret-\(UUID().uuidString)")
            try Data("open sesame".utf8).write(to: file)
            defer { try? FileManager.default.removeItem(at: file) }
            try await run({ $0.control.secret = Secret(path: file.path()) }) { _, admin in
                let bearer = "Authorization: Bearer "
                #expect(try await ask(admin, "GET /health").hasPrefix("HTTP/1.1 200 "))
                let without = try await ask(admin, "GET /v1/keys")
                #expect(without.hasPrefix("HTTP/1.1 401 ") && without.contains("WWW-Authenticate: Bearer\r\n"))
                #expect(try await ask(admin, "GET /v1/keys", headers: bearer + "wrong\r\n").hasPrefix("HTTP/1.1 401 "))
                #expect(
                    try await ask(admin, "GET /v1/keys", headers: bearer + "open sesame\r\n").hasPrefix("HTTP/1.1 200 ")
                )
            }
        }

        @Test("there is no such port unless it is switched on [HTC-1]")
        func off() async throws {
            try await TestServer.run { #expect($0.admin == nil) }
        }
    }
}
