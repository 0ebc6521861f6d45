import Testing

@testable import OrbitedConformance

@Suite("A scene in which the suite is the server")
struct ServingTests {
    /// An adapter whose client sends the bytes that it is called with, and nothing else.
    private static let adapter = """
        import json, socket, sys
        links = []
        for line in sys.stdin:
            call = json.loads(line)
            if call['do'] == 'client':
                links.append(socket.create_connection(('127.0.0.1', call['port'])))
                links[-1].sendall(call['bytes'].encode())
                if call.get('leave'): links.pop().close()
            print(json.dumps({'call': call['call'], 'returns': {}}), flush=True)
            if call['do'] == 'quit': break
        """

    private func outcome(as kind: String = "control", _ bytes: String, leaves: Bool = false, _ steps: String)
        async throws -> Outcome
    {
        let call: JSONValue = ["do": "client", "port": "${s.port}", "bytes": .string(bytes), "leave": .bool(leaves)]
        let first = [
            Step(.listen, "s", ["as": .string(kind)]), Step(.call, "x", call.object ?? [:]),
            Step(.result, "x", ["returns": [:]]),
        ]
        var theCase = try SceneTests.aCase("x", steps)
        theCase.steps = first + theCase.steps
        let adapter = try AdapterProcess(["python3", "-c", Self.adapter])
        var surroundings = Surroundings()
        surroundings.adapter = adapter
        return await run(Trial(theCase), in: surroundings)
    }

    private static let accept = #"{"accept": "c", "on": "s"}"#

    @Test("passes if all that comes is as it should be")
    func passes() async throws {
        let frame = #"{"expect": "c", "frame": {"action": "Event", "body": "1"}}"#
        let bytes = "Orbit 1.0\r\nEvent\r\nid: 7\r\nlength: 1\r\n\r\n1"
        #expect(try await outcome(bytes, "[\(Self.accept), \(frame)]") == .passed)
    }

    @Test("fails if a client sends what it must not, also if no step reads it")
    func unreadFrame() async throws {
        let outcome = try await outcome("Orbit 2.0\r\n", "[\(Self.accept)]")
        guard case .failed(let difference) = outcome else { throw Difference("it did not fail") }
        #expect(difference.reason == "the client must not send this")
        #expect(difference.got.contains("Orbit 2.0"))
    }

    @Test("fails if a browser sends what is no request", arguments: [#"{"wait": 0}"#, #"{"request": "r", "on": "s"}"#])
    func noRequest(step: String) async throws {
        let outcome = try await outcome(as: "http", "Orbit 1.0\r\nEvent\r\n\r\n", "[\(step)]")
        guard case .failed(let difference) = outcome else { throw Difference("it did not fail") }
        #expect(difference.reason == "the browser must not send this")
        #expect(difference.got.contains("Orbit 1.0"))
    }

    @Test(
        "fails if a connection that a step ends was gone, unless the client may leave by itself",
        arguments: ["close", "shut"])
    func gone(verb: String) async throws {
        let gone = #"\#(Self.accept), {"expect": "c", "gone": true}"#
        #expect(try await outcome("", leaves: true, #"[\#(gone), {"\#(verb)": "c", "mayBeGone": true}]"#) == .passed)
        let outcome = try await outcome("", leaves: true, #"[\#(gone), {"\#(verb)": "c"}]"#)
        guard case .failed(let difference) = outcome else { throw Difference("it did not fail") }
        #expect(difference.reason == "the fault did not happen: c was gone before")
    }
}
