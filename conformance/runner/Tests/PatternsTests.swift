import Testing

@testable import OrbitedConformance

@Suite("A pattern")
struct PatternsTests {
    private func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: text.utf8) }

    private func mismatch(_ pattern: String, _ value: String) throws -> Patterns.Mismatch? {
        var patterns = Patterns(Variables(["user": "u.1"]))
        do { try patterns.match(json(pattern), json(value)) } catch let mismatch as Patterns.Mismatch {
            return mismatch
        }
        return nil
    }

    @Test(
        "matches",
        arguments: [
            (#""a""#, #""a""#), ("1", "1"), ("true", "true"), ("null", "null"),
            (#""${user}!""#, #""u.1!""#), (#""$$1""#, #""$1""#),
            (#"[1, {"a": 1}]"#, #"[1, {"a": 1, "b": 2}]"#),
            (#"{}"#, #"{"a": 1}"#), (#"{"a": {"absent": true}}"#, #"{"b": 1}"#),
            (#"{"a": {"any": true}}"#, #"{"a": null}"#),
            (#"{"match": "[a-z]+"}"#, #""abc""#), (#"{"match": "${user}"}"#, #""u.1""#),
            (#"{"match": "a|b"}"#, #""b""#), (#"{"match": "a\\r\\n"}"#, #""a\r\n""#),
            (#"{"save": "x"}"#, "[1]"), (#"{"save": "x", "match": "\\d+"}"#, #""12""#),
            (#"{"in": [1, {"match": "a"}]}"#, #""a""#), (#"{"a": {"in": [{"absent": true}, 1]}}"#, "{}"),
            (#"{"not": 1}"#, "2"), (#"{"a": {"in": [{"absent": true}, {"not": 1}]}}"#, "{}"),
            (#"{"unordered": [1, 2, {"any": true}]}"#, "[2, 3, 1]"),
            (#"{"json": {"a": 1}}"#, #""{\"a\":1,\"b\":2}""#), (#"{"contains": "${user}"}"#, #""x u.1 y""#),
            (#"{"contains": ""}"#, #""""#),
        ])
    func matches(pattern: String, value: String) throws {
        #expect(try mismatch(pattern, value) == nil)
    }

    @Test(
        "does not match, and says where",
        arguments: [
            (#""a""#, #""b""#, ""), ("1", #""1""#, ""), ("1", "true", ""),
            (#"{"a": [1, {"b": 2}]}"#, #"{"a": [1, {}]}"#, "a[1].b"),
            (#"{"headers": {"a": "1"}, "status": 1}"#, #"{"headers": {}, "status": 2}"#, "status"),
            ("[1]", "[1, 2]", ""), (#"{"a": {"absent": true}}"#, #"{"a": null}"#, "a"),
            (#"{"a": {"any": true}}"#, "{}", "a"), (#"{"match": "a|b"}"#, #""ab""#, ""),
            (#"{"match": "a"}"#, #""a\n""#, ""), (#"{"match": "${user}"}"#, #""ux1""#, ""),
            (#"{"match": "1"}"#, "1", ""),
            (#"{"save": "x", "match": "\\d+"}"#, #""a""#, ""), (#"{"in": [1, 2]}"#, "3", ""),
            (#"{"not": {"any": true}}"#, "3", ""), (#"{"a": {"not": 1}}"#, "{}", "a"),
            (#"{"unordered": [1, 2]}"#, "[1, 1]", "[1]"), (#"{"unordered": [1]}"#, "[1, 1]", ""),
            (#"{"json": {"a": 1}}"#, #""{\"a\":2}""#, "a"), (#"{"json": 1}"#, #""{""#, ""),
            (#"{"contains": "b"}"#, #""a""#, ""),
        ])
    func differs(pattern: String, value: String, path: String) throws {
        let mismatch = try #require(try mismatch(pattern, value))
        #expect(mismatch.path == path)
        #expect(!mismatch.expected.isEmpty && !mismatch.got.isEmpty)
    }

    @Test("saves what it matched, and a variable alone keeps its type")
    func saves() throws {
        var patterns = Patterns()
        try patterns.match(
            json(#"{"n": {"save": "n"}, "list": [{"save": "text"}]}"#), json(#"{"n": 5, "list": ["a"]}"#))
        try patterns.match(json(#"["${n}", "${n}${text}"]"#), json(#"[5, "5a"]"#))
        try patterns.match(json(#"["${n}"]"#), json(#"["5"]"#))
        #expect(patterns.variables["text"] == .string("a"))
    }

    @Test("that differs in the end saves nothing")
    func savesNothing() throws {
        var patterns = Patterns()
        try patterns.match(json(#"{"in": [[{"save": "a"}, 1], [{"save": "b"}, 2]]}"#), json("[7, 2]"))
        #expect(patterns.variables["a"] == nil)
        #expect(patterns.variables["b"] == .number(7))
    }

    @Test("with a variable that is not there is a fault of the case")
    func lacksVariable() throws {
        var patterns = Patterns()
        #expect(throws: Difference.self) { try patterns.match(.string("${nobody}"), .string("a")) }
    }
}

@Suite("Bytes of a case")
struct CaseBytesTests {
    private let variables = Variables(["user": "mia"])

    @Test("are text, base64, repeated text, or a list of these")
    func kinds() throws {
        let value = try JSONValue(
            parsing: #"["é${user}$$", {"base64": "AP8="}, {"repeat": {"text": "${user}", "count": 2}}, []]"#.utf8)
        #expect(try variables.bytes(value) == Array("émia$".utf8) + [0, 255] + Array("miamia".utf8))
    }

    @Test("are nothing else", arguments: ["1", #"{"base64": "%"}"#, #"{"repeat": {"text": "a"}}"#, "{}", "null"])
    func faults(text: String) throws {
        let value = try JSONValue(parsing: text.utf8)
        #expect(throws: Difference.self) { try variables.bytes(value) }
    }

    @Test("keep a dollar sign that begins no variable")
    func dollars() throws {
        #expect(try variables.text("a$ $b ${user} $") == "a$ $b mia $")
    }
}
