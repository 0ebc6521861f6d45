import OrbitedJSON
import Testing

@Suite("Reading JSON")
struct ParsingTests {
    @Test(
        "a good text gives its value",
        arguments: [
            ("null", nil), ("true", true), ("false", false), ("0", 0), ("-0", 0), ("12", 12), ("-7", -7),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("1e5", 100_000.0), ("1E+2", 100.0), ("25e-2", 0.25), ("0.1", 0.1), ("-0.0", -0.0), ("1e-999", 0.0),
            ("1.7976931348623157e308", 1.7976931348623157e308), ("5e-324", .number(.smallest)),
            (#""""#, ""), (#""a""#, "a"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
            (#""\u00e9é""#, "éé"), (#""\ud83d\ude00""#, "😀"), (#""\uD83D\uDE00""#, "😀"), (#""a\u0000b""#, "a\0b"),
            ("\"\u{7f}\u{2028}\u{ffff}\"", "\u{7f}\u{2028}\u{ffff}"), ("\"[{\"", "[{"), (#""\"[""#, "\"["),
            ("[]", []), ("{}", [:]), (" \t\r\n[ 1 , 2 ] \n", [1, 2]), ("[[],{}]", [[], [:]]),
            (#"{"a":{"b":[null,true]},"":""}"#, ["a": ["b": [nil, true]], "": ""]),
        ] as [(String, JSON)])
    func goodText(text: String, value: JSON) throws {
        #expect(try JSON.parse(text) == value)
    }

    @Test("a zero keeps its sign if it has a fraction")
    func negativeZero() throws {
        #expect(try JSON.parse("-0.0").doubleValue?.sign == .minus)
        #expect(try JSON.parse("-0.0").compact == "-0.0")
    }

    @Test("names that only Unicode takes for the same are different names")
    func canonicallyEquivalentNames() throws {
        let value = try JSON.parse("{\"\u{e9}\":1,\"e\u{301}\":2}")
        #expect(value["\u{e9}"] == 1)
        #expect(value["e\u{301}"] == 2)
    }

    @Test("members keep their order")
    func order() throws {
        let names = (0..<1_000).map { "n\($0 * 7 % 1_000)" }
        let text = "{" + names.map { "\"\($0)\":0" }.joined(separator: ",") + "}"
        #expect(try JSON.parse(text).objectValue?.members.map(\.name) == names)
    }

    @Test("an array, a buffer and a string of the same bytes give the same value")
    func overloads() throws {
        let bytes = Array(#"{"a":[1]}"#.utf8)
        let fromBuffer = try bytes.withUnsafeBytes { try JSON.parse($0) }
        #expect(fromBuffer == ["a": [1]])
        #expect(try JSON.parse(bytes) == fromBuffer)
    }

    @Test("a part of a larger buffer is read to its own end")
    func partOfBuffer() throws {
        let bytes = Array("xx[1]yy".utf8)
        let value = try bytes.withUnsafeBytes { try JSON.parse(UnsafeRawBufferPointer(rebasing: $0[2..<5])) }
        #expect(value == [1])
    }
}
