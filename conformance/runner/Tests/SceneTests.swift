import Foundation
import Testing

@testable import OrbitedConformance

@Suite("A scene")
struct SceneTests {
    /// A server of one connection that sends these bytes, and then does what is asked.
    private func outcome(_ bytes: String, ends: Bool = false, _ steps: String) async throws -> Outcome {
        let listener = try await Listener.open()
        let serving = Task {
            let connection = try await listener.next(until: .now + .seconds(10))
            try await connection.send(Array(bytes.utf8))
            if ends { await connection.close() }
        }
        let trial = Trial(try Self.aCase("x", steps))
        let outcome = await run(
            trial, in: Surroundings(controlPort: listener.port, httpPort: listener.port))
        serving.cancel()
        await listener.close()
        return outcome
    }

    private func difference(_ bytes: String, ends: Bool = false, _ steps: String) async throws -> Difference {
        guard case .failed(let difference) = try await outcome(bytes, ends: ends, steps) else {
            throw Difference("it did not fail")
        }
        return difference
    }

    static func aCase(_ id: String, _ steps: String, variations: [String: [String]] = [:]) throws -> Case {
        let values = try #require(try JSONValue(parsing: steps.utf8).array)
        return Case(
            kind: .server, file: "x.json", id: id, requirements: ["CTL-1"], level: .must, variations: variations,
            steps: try values.map { try #require(Step($0)) })
    }

    @Test("that goes as its case says has passed")
    func passes() async throws {
        let steps =
            #"[{"open": "a", "to": "control"}, {"expect": "a", "message": {"word": "Success"}}, {"close": "a"}]"#
        #expect(try await outcome("Success\r\nid: 1\r\n\r\n", steps) == .passed)
    }

    @Test("that goes another way names the step, what was expected, and what came")
    func fails() async throws {
        let difference = try await difference(
            "Success\r\nid: 1\r\n\r\n",
            #"[{"open": "a", "to": "control"}, {"expect": "a", "message": {"word": "Success", "headers": {"id": "${user}"}}}]"#
        )
        #expect(difference.step == 1)
        #expect(difference.stepText.contains(#""id":"${user}""#))
        #expect(difference.reason == "the message is not as expected at headers.id")
        #expect(difference.expected.hasPrefix("\"u"))
        #expect(difference.got == #""1" in {"headers":{"id":"1"},"word":"Success"}"#)
    }

    @Test("shows the first byte that differs as soon as it is there")
    func bytes() async throws {
        let difference = try await difference(
            "Success\n", #"[{"open": "a", "to": "control"}, {"expect": "a", "bytes": "Success\r\nid: 1\r\n\r\n"}]"#)
        #expect(difference.reason == #"the bytes differ at byte 7: \r was expected, and \n came"#)
    }

    @Test("shows what came when more did not")
    func late() async throws {
        let difference = try await difference(
            "Succ",
            #"[{"open": "a", "to": "control"}, {"expect": "a", "bytes": "S"}, {"expect": "a", "bytes": "uccess", "within": 0.1}]"#
        )
        #expect(difference.reason == "6 bytes did not come within 0.1 s")
        #expect(difference.expected == "uccess")
        #expect(difference.got == "ucc")
    }

    @Test(
        "says of a connection that it ended too early, too late, or not at all",
        arguments: [
            (
                true, #"{"expect": "a", "message": {"word": "Success"}}"#,
                "the server ended the connection before a reply or notice came"
            ),
            (
                false, #"{"expect": "a", "closed": true, "within": 0.1}"#,
                "the server did not close the connection within 0.1 s"
            ),
            (true, #"{"expect": "a", "nothing": 50}"#, "the server ended the connection"),
            (true, #"{"expect": "a", "closed": true, "after": 50}"#, "it came too early"),
        ])
    func ends(ends: Bool, step: String, reason: String) async throws {
        let difference = try await difference("", ends: ends, "[{\"open\": \"a\", \"to\": \"control\"}, \(step)]")
        #expect(difference.reason.hasPrefix(reason))
    }

    @Test("tells a status that is not as expected with the sentence of the server")
    func status() async throws {
        let difference = try await difference(
            "HTTP/1.1 404 Not Found\r\nContent-Length: 8\r\n\r\nNo user\n", #"[{"browse": "b", "transport": "sse"}]"#)
        #expect(difference.reason == "the status of the response is 404, and not 200")
        #expect(difference.got.hasSuffix(#"with the body No user\n"#))
    }

    @Test("skips heartbeats and positions, unless they are expected")
    func skips() async throws {
        let stream =
            "HTTP/1.0 200 OK\r\nContent-Type: application/x-ndjson\r\n\r\n{}\n{\"cursor\":\"a\"}\n{\"cursor\":\"b\",\"data\":1}\n"
        let items = [#"{"event": 1}"#, #"{"position": "a"}"#, #"{"heartbeat": true}"#]
        for item in items {
            let steps = #"[{"browse": "b", "transport": "ndjson"}, {"expect": "b", "item": \#(item)}]"#
            #expect(try await outcome(stream, steps) == .passed)
        }
        let steps =
            #"[{"browse": "b", "transport": "ndjson"}, {"expect": "b", "items": [{"event": 1}, {"end": true}]}]"#
        #expect(try await outcome(stream, ends: true, steps) == .passed)
    }

    @Test("passes if a connection is to be refused, and nobody listens")
    func refused() async throws {
        let steps = #"[{"open": "a", "to": "control", "refused": true, "within": 20}]"#
        let trial = Trial(try Self.aCase("x", steps))
        let port = try await FreePorts.take(host: "127.0.0.1")
        #expect(await run(trial, in: Surroundings(controlPort: port)) == .passed)
    }

    @Test("counts the time before its first step from its beginning, and closes its connections")
    func closes() async throws {
        let listener = try await Listener.open()
        let trial = Trial(try Self.aCase("x", #"[{"open": "a", "to": "control"}]"#))
        #expect(await run(trial, in: Surroundings(controlPort: listener.port)) == .passed)
        let connection = try await listener.next(until: .now + .seconds(10))
        let end = try await connection.receive(until: .now + .seconds(10)) { received, _ in received.end }
        #expect(end == .finished)
        await listener.close()
    }
}

/// These need a server: its path is in `ORBITED_BINARY`.
@Suite("Cases against a server", .enabled(if: ProcessInfo.processInfo.environment["ORBITED_BINARY"] != nil))
struct RealServerTests {
    private static let cases: [(String, [String: [String]], String)] = [
        (
            "receipts", [:],
            """
            [{"open": "a", "to": "control"}, {"event": "a", "to": ["${user}, 0, /x"], "id": "7", "body": "1"},
             {"expect": "a", "message": {"word": "Failure", "headers": {"recipient": "(${user}, 0, /x)"}}},
             {"event": "a", "to": [], "id": "8", "body": ""}, {"expect": "a", "bytes": "Success\\r\\nid: 8\\r\\n\\r\\n"},
             {"frame": "a", "action": "List", "id": "l", "headers": [["recipient", "${user}, *, *"]]},
             {"expect": "a", "message": {"word": "Success", "headers": {"keys": "0"}, "body": ""}},
             {"shut": "a"}, {"expect": "a", "closed": true}]
            """
        ),
        (
            "cursors", ["transport": ["sse", "ndjson", "ws", "poll", "jsonp"]],
            """
            [{"open": "a", "to": "control"}, {"browse": "b", "transport": "${transport}"},
             {"expect": "b", "item": {"position": {"save": "begin"}}},
             {"browse": "b", "transport": "${transport}", "last": "${begin}"},
             {"event": "a", "to": ["${user}, 0, /${user}"], "id": "1", "body": "{\\"n\\": 1}"},
             {"expect": "a", "message": {"word": "Success"}},
             {"expect": "b", "item": {"event": {"n": 1}, "cursor": {"save": "first"}}},
             {"browse": "c", "transport": "${transport}", "last": "${begin}"},
             {"expect": "c", "item": {"event": {"n": 1}, "cursor": "${first}"}}]
            """
        ),
        (
            "replaced", ["transport": ["sse", "ndjson", "ws"]],
            """
            [{"browse": "b", "transport": "${transport}"}, {"expect": "b", "item": {"position": {"any": true}}},
             {"browse": "c", "transport": "${transport}"},
             {"expect": "b", "items": [{"closed": "replaced"}, {"end": true}]},
             {"expect": "c", "item": {"position": {"any": true}}}, {"expect": "c", "nothing": 0.1}]
            """
        ),
        (
            "requests", [:],
            """
            [{"request": "r", "target": "/${user}"}, {"expect": "r", "response": {"status": 404, "body": {"match": ".*\\\\n"}}},
             {"request": "r", "target": "/_/about", "method": "HEAD"}, {"expect": "r", "response": {"status": 200}},
             {"expect": "r", "ended": true}, {"request": "r", "target": "/_/about", "headers": [["Connection", "close"]]},
             {"expect": "r", "response": {"status": 200, "body": {"any": true}}}, {"expect": "r", "closed": true}]
            """
        ),
        (
            "sockets", [:],
            """
            [{"browse": "b", "transport": "ws"}, {"expect": "b", "item": {"position": {"any": true}}},
             {"say": "b", "ping": "here"}, {"expect": "b", "item": {"pong": "here"}}, {"say": "b", "close": 3000},
             {"expect": "b", "items": [{"closed": "", "code": 3000}, {"end": true}]}]
            """
        ),
    ]

    @Test("pass, however they are cut", arguments: cases.map(\.0))
    func pass(id: String) async throws {
        let (_, variations, steps) = try #require(Self.cases.first { $0.0 == id })
        let binary = try #require(ProcessInfo.processInfo.environment["ORBITED_BINARY"])
        let registry = try JSONValue(parsing: Data(contentsOf: URL(fileURLWithPath: "protocol/registry.json")))
        let server = try await ServerProcess.start(ServerCommand([binary, "serve"], registry: Registry(registry)))
        for trial in try SceneTests.aCase(id, steps, variations: variations).trials {
            #expect(await run(trial, in: server.surroundings(scale: 1)) == .passed, "\(trial.name)")
        }
        await server.end()
    }
}
