import OrbitedJSON
import Testing

@Suite("Refusing what is not JSON")
struct ParsingErrorTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let text: String
        let code: JSONError.Code
        let line: Int
        let column: Int
        let offset: Int

        var testDescription: String { text.debugDescription }

        init(_ text: String, _ code: JSONError.Code, _ line: Int, _ column: Int, _ offset: Int) {
            (self.text, self.code, self.line, self.column, self.offset) = (text, code, line, column, offset)
        }
    }

    static let syntax: [Case] = [
        Case("[1,]", .invalidSyntax, 1, 4, 4),
        Case("[,1]", .invalidSyntax, 1, 2, 2),
        Case("[1 2]", .invalidSyntax, 1, 4, 4),
        Case("[1}", .invalidSyntax, 1, 3, 3),
        Case("]", .invalidSyntax, 1, 1, 1),
        Case("{,}", .invalidSyntax, 1, 2, 2),
        Case("{\"a\":1,}", .invalidSyntax, 1, 8, 8),
        Case("{\"a\" 1}", .invalidSyntax, 1, 6, 6),
        Case("{1:2}", .invalidSyntax, 1, 2, 2),
        Case("{a:1}", .invalidSyntax, 1, 2, 2),
        Case("'a'", .invalidSyntax, 1, 1, 1),
        Case("[\n  1,\n  tru\n]", .invalidSyntax, 3, 5, 12),
        Case("[\r\n\"é\", x]", .invalidSyntax, 2, 6, 10),
        Case("nan", .invalidSyntax, 1, 3, 3),
        Case("Infinity", .invalidSyntax, 1, 8, 8),
        Case("True", .invalidSyntax, 1, 4, 4),
        Case("// c\n1", .invalidSyntax, 1, 1, 1),
        Case("\u{feff}{}", .invalidSyntax, 1, 1, 3),
        Case("\u{c}1", .invalidSyntax, 1, 1, 1),
        Case("\u{a0}1", .invalidSyntax, 1, 1, 2),
    ]
    static let numbers: [Case] = [
        Case("[01]", .invalidSyntax, 1, 2, 2),
        Case("-", .invalidSyntax, 1, 1, 1),
        Case("+1", .invalidSyntax, 1, 1, 1),
        Case(".5", .invalidSyntax, 1, 1, 1),
        Case("1.", .invalidSyntax, 1, 2, 2),
        Case("1e", .invalidSyntax, 1, 2, 2),
        Case("0x1", .trailingContent, 1, 2, 2),
        Case("1e999", .numberOutOfRange, 1, 5, 5),
        Case("9223372036854775808", .numberOutOfRange, 1, 19, 19),
        Case("[-9223372036854775809]", .numberOutOfRange, 1, 21, 21),
    ]
    static let strings: [Case] = [
        Case("\"a\tb\"", .invalidSyntax, 1, 2, 2),
        Case("\"a\nb\"", .invalidSyntax, 1, 2, 2),
        Case("\"\u{1f}\"", .invalidSyntax, 1, 1, 1),
        Case(#""\x""#, .invalidSyntax, 1, 3, 3),
        Case(#""\<""#, .invalidSyntax, 1, 3, 3),
        Case(#""\u12g4""#, .invalidSyntax, 1, 6, 6),
        Case(#""\ud800""#, .invalidSyntax, 1, 8, 8),
        Case(#""\udc00\ud800""#, .invalidSyntax, 1, 14, 14),
        Case(#"["\ud800\u0041"]"#, .invalidSyntax, 1, 15, 15),
    ]
    static let ends: [Case] = [
        Case("", .truncated, 1, 1, 0),
        Case(" ", .truncated, 1, 1, 1),
        Case("\n", .truncated, 2, 1, 1),
        Case("[", .truncated, 1, 1, 1),
        Case("[1,", .truncated, 1, 3, 3),
        Case("{\"a\":", .truncated, 1, 5, 5),
        Case("\"abc", .truncated, 1, 4, 4),
        Case("\"\\", .invalidSyntax, 1, 2, 2),
        Case("[\n", .truncated, 2, 1, 2),
        Case("1 2", .trailingContent, 1, 3, 3),
        Case("{}\n}", .trailingContent, 2, 1, 4),
        Case("null,", .trailingContent, 1, 5, 5),
    ]
    static let names: [Case] = [
        Case("{\"a\":1,\n \"a\":2}", .duplicateName, 2, 4, 12),
        Case(#"{"a":1,"\u0061":2}"#, .duplicateName, 1, 15, 15),
        Case(#"[[{"x":[{"b":0,"c":0,"b":0}]}]]"#, .duplicateName, 1, 24, 24),
        Case(#"{"\u0000":1}"#, .nulInName, 1, 9, 9),
    ]
    static let nuls: [Case] = [
        Case("1\0", .invalidSyntax, 1, 2, 2),
        Case("[1\0]", .invalidSyntax, 1, 3, 3),
        Case("{}\0junk", .invalidSyntax, 1, 3, 3),
        Case("[\n\"é\0\"]", .invalidSyntax, 2, 3, 6),
        Case("\0", .invalidSyntax, 1, 1, 1),
    ]

    @Test("a bad text is refused, with its place", arguments: syntax + numbers + strings + ends + names + nuls)
    func badText(bad: Case) {
        let error = #expect(throws: JSONError.self) { try JSON.parse(bad.text) }
        #expect(error?.code == bad.code)
        #expect(error?.line == bad.line)
        #expect(error?.column == bad.column)
        #expect(error?.offset == bad.offset)
    }

    @Test(
        "invalid UTF-8 is refused before the byte at fault",
        arguments: [
            ([0x22, 0xff, 0x22], 1), ([0x22, 0xc3, 0x22], 1), ([0x22, 0xc0, 0x80, 0x22], 1), ([0x22, 0xe2, 0x80], 1),
            ([0x22, 0xed, 0xa0, 0x80, 0x22], 1), ([0x22, 0xf4, 0x90, 0x80, 0x80, 0x22], 1), ([0x80], 0),
            ([0x5b, 0x31, 0xfe], 2),
        ] as [([UInt8], Int)])
    func invalidUTF8(bytes: [UInt8], offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSON.parse(bytes) }
        #expect(error?.code == .invalidUTF8)
        #expect(error?.offset == offset)
        #expect(error?.line == 1)
        #expect(error?.column == max(1, offset))
    }

    @Test(
        "the description is one sentence",
        arguments: [
            ("[1,]", "JSON can't be read at line 1, column 4: unexpected token near ']'"),
            ("", "JSON can't be read at line 1, column 1: the text is empty"),
            ("[1", "JSON can't be read at line 1, column 2: the text ends too early"),
            ("1 2", "JSON can't be read at line 1, column 3: something follows the value near '2'"),
            (
                #"{"a":1,"a":2}"#,
                #"JSON can't be read at line 1, column 10: a name occurs twice in one object near '"a"'"#
            ),
            ("1e999", "JSON can't be read at line 1, column 5: a number is out of range near '1e999'"),
            ("1\0", "JSON can't be read at line 1, column 2: a NUL byte can't stand in JSON"),
            ("\u{1b}", #"JSON can't be read at line 1, column 1: invalid token near '\u{1B}'"#),
        ])
    func description(text: String, description: String) {
        let error = #expect(throws: JSONError.self) { try JSON.parse(text) }
        #expect(error?.description == description)
    }
}
