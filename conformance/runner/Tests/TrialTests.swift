import Testing

@testable import OrbitedConformance

@Suite("Trials")
struct TrialTests {
    @Test("A case is run once for each combination of its variables, and each way to cut")
    func combinations() {
        let one = Case.example("x", variations: ["transport": ["sse", "ws"], "form": ["bar"]], isCut: true)
        #expect(
            one.trials.map(\.name) == [
                "x[form=bar,transport=sse]", "x[form=bar,transport=sse,cut=1]", "x[form=bar,transport=sse,cut=2]",
                "x[form=bar,transport=ws]", "x[form=bar,transport=ws,cut=1]", "x[form=bar,transport=ws,cut=2]",
            ])
    }

    @Test("Transports, settings and steps about the server are features")
    func features() {
        let one = Case.example(
            "x", features: ["orbit-1.1"], settings: ["raw": "1"], variations: ["transport": ["ws"]],
            steps: [Step(.server, "stop"), Step(.open, "a", ["to": "admin"])])
        #expect(one.trials[0].features == ["orbit-1.1", "ws", "settings", "process", "admin"])
    }

    @Test("A case is read from JSON, and what is wrong with it is named")
    func reading() throws {
        let text = """
            {"id": "x", "requirements": ["CTL-1"], "level": "SHOULD", "settings": {"raw": 1, "op.secret_file": {"file": "s"}},
             "for": {"transport": ["sse"]}, "cuts": false, "steps": [{"open": "app", "to": "control"}]}
            """
        let one = try Case(JSONValue(parsing: text.utf8), kind: .server, file: "x.json")
        #expect(one.level == .should)
        #expect(one.settings == ["raw": "1", "op.secret_file": "s"])
        #expect(one.steps == [Step(.open, "app", ["to": "control"])])
        #expect(!one.isCut)
        for (faulty, word) in [
            (text.replacing("SHOULD", with: "should"), "level"), (text.replacing("cuts", with: "cut"), "cut"),
            (text.replacing("open", with: "opened"), "step 1"), (text.replacing("[\"sse\"]", with: "[]"), "transport"),
        ] {
            let value = try JSONValue(parsing: faulty.utf8)
            let error = #expect(throws: UsageError.self) { try Case(value, kind: .server, file: "x.json") }
            #expect(error?.description.contains(word) == true)
        }
    }

    @Test(
        "A step with a member that its verb has not, or of another type, is a fault of the case",
        arguments: [
            (#"{"close": "a", "mayBegone": true}"#, "mayBegone"), (#"{"close": 1}"#, "close"),
            (#"{"open": "a", "to": "https"}"#, "to of open"), (#"{"open": "a"}"#, "has no to"),
            (#"{"send": "a", "bytes": "x", "cut": true}"#, "cut of send"), (#"{"wait": "1"}"#, "wait"),
            (#"{"frame": "a", "action": "Ping", "id": "1", "headers": [["a"]]}"#, "headers of frame"),
            (#"{"event": "a", "to": "a, 0, /", "id": "1", "body": ""}"#, "to of event"),
            (#"{"expect": "a", "closed": true, "withn": 1}"#, "withn"),
            (#"{"expect": "a", "within": 1}"#, "exactly one"),
            (#"{"expect": "a", "closed": true, "ended": true}"#, "exactly one"),
            (#"{"expect": "a", "items": []}"#, "items"),
            (#"{"expect": "a", "response": {"state": 200}}"#, "response of expect"),
            (#"{"expect": "a", "nothing": -1}"#, "nothing of expect"), (#"{"say": "a", "ping": true}"#, "ping of say"),
            (#"{"say": "a", "reason": "x"}"#, "reason"), (#"{"request": "a", "on": "b"}"#, "has no target"),
            (#"{"result": "a", "return": {}}"#, "exactly one"), (#"{"server": "halt"}"#, "server"),
            (#"{"exited": {"code": 0}}"#, "exited"), (#"{"accept": "a", "on": "b", "orbit": true}"#, "orbit"),
        ])
    func members(step: String, words: String) throws {
        let text = #"{"id": "x", "requirements": ["CTL-1"], "level": "MUST", "steps": [\#(step)]}"#
        let value = try JSONValue(parsing: text.utf8)
        let error = #expect(throws: UsageError.self) { try Case(value, kind: .server, file: "x.json") }
        #expect(error?.description.contains("step 1: ") == true)
        #expect(error?.description.contains(words) == true)
    }

    @Test("Trials share a server if they have the same settings and nothing is against it")
    func schedule() {
        var serial = Case.example("serial")
        serial.realm = "urls"
        serial.isSerial = true
        let cases = [
            Case.example("one"), Case.example("two"), Case.example("raw", settings: ["raw": "1"]), serial,
            Case.example("stop", steps: [Step(.server, "stop")]), Case.example("alone", isAlone: true),
        ]
        let started = Schedule(cases.map { Trial($0) }, servers: .started, parallel: 8)
        #expect(started.groups.count == 5)
        #expect(started.groups.filter(\.mayEndServer).flatMap(\.trials).map(\.name) == ["stop"])
        #expect(started.groups.suffix(2).flatMap(\.trials).map(\.name) == ["stop", "alone"])
        #expect(started.groups.filter { $0.width == 1 }.flatMap(\.trials).count == 3)
        let none = Schedule(cases.map { Trial($0) }, servers: .none, parallel: 8)
        #expect(none.groups.count == 1)
        let given = Schedule(cases.map { Trial($0) }, servers: .given, parallel: 8)
        #expect(given.width == 1)
    }
}

@Suite("Vectors as cases")
struct VectorCaseTests {
    private func vector(_ text: String, in folder: String) throws -> Vector {
        Vector(
            value: try JSONValue(parsing: text.utf8), file: "vectors/\(folder)/x.json",
            registry: try Registry(RegistryTests.registry), specification: Requirements())
    }

    @Test("A malformed frame is answered with exact bytes, and a connection that is to close is closed")
    func control() throws {
        let vector = try vector(
            #"""
            {"id": "long", "requirements": ["CTL-62"], "description": "A $.", "input": [{"text": "$"}],
             "limits": {"control.line": 64}, "expect": [{"failure": {"id": "$7", "code": 201}}], "open": false}
            """#, in: "control")
        let made = try #require(try ControlVectorCase.make(vector, version: "1.0").first)
        #expect(made.id == "vectors/control/long")
        #expect(made.settings == ["control.line": "64"])
        #expect(made.steps[1].members["bytes"] == .array(["$$"]))
        #expect(
            made.steps[2].members["bytes"]
                == .string(
                    "Failure\r\nid: $$7\r\nmsg: A line is longer than 64 bytes\r\ncode: 201 line_too_long\r\n\r\n"))
        #expect(made.steps.last?.members["closed"] == true)
    }

    @Test("An event for nobody who is there fails for each recipient once")
    func receipt() throws {
        let vector = try vector(
            """
            {"id": "x", "requirements": [], "input": [], "open": true, "expect": [{"event": {"id": "7",
             "recipients": ["a, 0, /", "b, 0, /", "a, 0, /"], "body": {"text": ""}}}]}
            """, in: "control")
        let made = try #require(try ControlVectorCase.make(vector, version: "1.0").first)
        #expect(
            made.steps[2].members["bytes"]
                == .string(
                    "Failure\r\nid: 7\r\nmsg: Failed to reach one or more recipients\r\nrecipient: (a, 0, /)\r\n"
                        + "recipient: (b, 0, /)\r\n\r\n"))
    }

    @Test("A vector needs the features that it names, and malformed frames one of their own")
    func features() throws {
        let bad = try vector(
            #"{"id": "x", "input": [], "open": true, "expect": [{"failure": {"id": "7", "code": 201}}]}"#, in: "control"
        )
        #expect(try ControlVectorCase.make(bad, version: "1.0").first?.features == ["orbit-1.0", "malformed"])
        let form = try vector(
            #"{"id": "x", "features": ["forms"], "target": "/chat", "expect": {"status": 400}}"#, in: "urls")
        #expect(try URLVectorCase(form).make().features == ["forms"])
    }

    @Test("Names are percent-encoded for URLs")
    func encoding() { #expect(Request.percentEncoded("/a b|Zoë,", besides: "/") == "/a%20b%7CZo%C3%AB%2C") }
}
