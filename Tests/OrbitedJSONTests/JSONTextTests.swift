import OrbitedJSON
import OrbitedTesting
import Testing

@Suite("Bodies made safe for scripts")
struct JSONTextTests {
    private func scriptSafe(_ body: String) -> String {
        String(decoding: JSONText.scriptSafe(Array(body.utf8)), as: UTF8.self)
    }

    @Test(
        "a body that is JSON keeps its spelling",
        arguments: [
            "1", "1.10", "1E+2", "-0", "123456789012345678901234567890", "1e-999", "true", "null", #""a""#, #""""#,
            "[]", "{}",
            #"{"b":1,"a":2,"b":3}"#, #"{"__proto__":1}"#, "[ 1,\n\t2 ]", #""\u003C\/\u0000\ud83d\ude00""#,
            "\"é\u{7f}\"",
        ])
    func kept(body: String) {
        #expect(scriptSafe(body) == body)
    }

    @Test("white space around JSON is kept")
    func whiteSpace() {
        #expect(scriptSafe(" \t\r\n[1, 2]\n\r\t ") == " \t\r\n[1, 2]\n\r\t ")
        #expect(scriptSafe("\" a \" ") == "\" a \" ")
    }

    @Test(
        "the five characters become escapes in JSON",
        arguments: [
            (#"{"<b>":"</script>"}"#, #"{"\u003cb\u003e":"\u003c/script\u003e"}"#), (#""a&b""#, #""a\u0026b""#),
            ("\"\u{2028}\u{2029}\u{2027}\u{202a}\"", "\"\\u2028\\u2029\u{2027}\u{202a}\""),
            (#""\\<""#, #""\\\u003c""#), (#""\\\\\"<""#, #""\\\\\"\u003c""#),
        ])
    func escaped(body: String, text: String) {
        #expect(scriptSafe(body) == text)
    }

    @Test(
        "any other body becomes a string",
        arguments: [
            ("", #""""#), (" ", #"" ""#), ("hello", #""hello""#), ("alert(1)", #""alert(1)""#), ("[1,]", #""[1,]""#),
            ("1 2", #""1 2""#), ("1;x", #""1;x""#), ("1\0", #""1\u0000""#), ("[1]\0", #""[1]\u0000""#),
            ("'a'", #""'a'""#),
            ("a\"b\\c/d", #""a\"b\\c/d""#),
            ("\u{8}\u{c}\n\r\t\u{b}\u{1f}\u{7f}", "\"\\b\\f\\n\\r\\t\\u000b\\u001f\u{7f}\""),
            ("</script>&\u{2028}\u{2029}é😀", #""\u003c/script\u003e\u0026\u2028\u2029é😀""#),
            ("\u{feff}{}", "\"\u{feff}{}\""), (#""\<""#, #""\"\\\u003c\"""#), ("\"a\nb\"", #""\"a\nb\"""#),
        ])
    func quoted(body: String, text: String) {
        #expect(scriptSafe(body) == text)
    }

    @Test(
        "JSON that libjansson does not read becomes a string",
        arguments: [
            ("1e999", #""1e999""#), (#""\ud800""#, #""\"\\ud800\"""#), (#"{"\u0000":1}"#, #""{\"\\u0000\":1}""#),
        ])
    func unread(body: String, text: String) {
        #expect(scriptSafe(body) == text)
    }

    @Test("a body nested deeper than the limit becomes a string", arguments: [1, 512, 513, 100_000])
    func depth(levels: Int) {
        let body = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
        #expect(scriptSafe(body) == (levels > JSONText.maximumDepth ? "\"\(body)\"" : body))
    }

    @Test(
        "invalid UTF-8 is repaired in a string",
        arguments: [
            ([0xff], "\u{fffd}"), ([0x61, 0xc3], "a\u{fffd}"), ([0x22, 0xff, 0x22], "\\\"\u{fffd}\\\""),
            ([0xe2, 0x80], "\u{fffd}"), ([0xe2, 0x80, 0x3c], "\u{fffd}\\u003c"), ([0xc0, 0xbc], "\u{fffd}\u{fffd}"),
        ] as [([UInt8], String)])
    func repaired(body: [UInt8], inner: String) {
        #expect(String(decoding: JSONText.scriptSafe(body), as: UTF8.self) == "\"\(inner)\"")
    }

    @Test("JSON keeps its value", arguments: 1...4)
    func sameValue(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let value = generator.value(depth: 3)
            #expect(try JSON.parse(JSONText.scriptSafe(value.compactBytes)) == value)
            #expect(JSONText.scriptSafe(value.compactBytes) == value.scriptSafeBytes)
        }
    }
}
