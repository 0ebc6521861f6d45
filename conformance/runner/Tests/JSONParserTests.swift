import Testing

@testable import OrbitedConformance

@Suite("JSON text")
struct JSONParserTests {
    @Test("is read")
    func reads() throws {
        let value = try JSONValue(
            parsing:
                #" { "a" : [ 1 , -0.5e+1, 1E2, true, false, null, {}, [] ], "é\u00e9\ud83d\ude00" : "\"\\\/\b\f\n\r\t" } "#
                .utf8)
        let items: [JSONValue] = [.number(1), .number(-5), .number(100), true, false, .null, [:], .array([])]
        #expect(value == ["a": .array(items), "éé😀": "\"\\/\u{8}\u{c}\n\r\t"])
        #expect(try JSONValue(parsing: "\"\u{FEFF}\u{2028}\"".utf8) == "\u{FEFF}\u{2028}")
        #expect(try JSONValue(parsing: #"{"a":1,"a":2}"#.utf8) == ["a": .number(2)])
    }

    @Test(
        "is nothing else",
        arguments: [
            "", " ", "[1,]", #"{"a":1,}"#, "[01]", "[1.]", "[.5]", "[+1]", "[-]", "[1e]", "['a']", "[nan]", "tru",
            "[1 2]", "[1] x",
            "\u{FEFF}1", "\"a", "\"\u{1}\"", #""\x""#, #""\u12g4""#, #""\u12""#, #""\ud800""#, #""\udc00""#,
            #""\ud800\u0041""#,
            "1e400", #"{"a" 1}"#, "{1:1}", "[", "{", "]", #"{"a":}"#,
        ])
    func refuses(text: String) {
        #expect(throws: JSONParser.Failure.self) { try JSONValue(parsing: text.utf8) }
    }

    @Test("is valid UTF-8")
    func invalid() {
        #expect(throws: JSONParser.Failure.self) { try JSONValue(parsing: [0x22, 0xC3, 0x22]) }
    }

    @Test("is nested as deep as servers take it, and not without bound")
    func deep() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSONValue(parsing: nested(1_000).utf8)
        #expect(throws: JSONParser.Failure.self) { try JSONValue(parsing: nested(100_000).utf8) }
    }
}
