import OrbitedJSON
import OrbitedTesting
import Testing

@Suite("Writing JSON")
struct WritingTests {
    @Test(
        "a value gives its shortest text",
        arguments: [
            (nil, "null"), (true, "true"), (false, "false"), (0, "0"), (.integer(.min), "-9223372036854775808"),
            (0.1, "0.1"), (1.0, "1.0"), (-0.0, "-0.0"), (.number(.smallest), "5e-324"), (1e300, "1e+300"), ([], "[]"),
            ([:], "{}"),
            ([1, "a", [nil]], #"[1,"a",[null]]"#), (["b": 1, "a": [:]], #"{"b":1,"a":{}}"#),
            ("\"\\/\u{8}\u{c}\n\r\t", #""\"\\/\b\f\n\r\t""#),
            ("\0\u{b}\u{1f}\u{7f}", "\"\\u0000\\u000b\\u001f\u{7f}\""),
            ("é😀\u{2028}</script>&", "\"é😀\u{2028}</script>&\""), (["\n": 1], #"{"\n":1}"#),
        ] as [(JSON, String)])
    func compact(value: JSON, text: String) throws {
        #expect(value.compact == text)
        #expect(value.compactBytes == Array(text.utf8))
        #expect(try JSON.parse(text) == value)
    }

    @Test(
        "text for a script has the five characters as escapes",
        arguments: [
            ("</script>", #""\u003c/script\u003e""#), ("a&b", #""a\u0026b""#), ("\u{2028}\u{2029}", #""\u2028\u2029""#),
            ("\u{2027}\u{202a}", "\"\u{2027}\u{202a}\""), ("\\<", #""\\\u003c""#),
            (["<!--": 1.5], #"{"\u003c!--":1.5}"#),
        ] as [(JSON, String)])
    func scriptSafe(value: JSON, text: String) throws {
        #expect(value.scriptSafe == text)
        #expect(value.scriptSafeBytes == Array(text.utf8))
        #expect(try JSON.parse(text) == value)
    }

    @Test("every double is read back as it was", arguments: [1, 2, 3])
    func doubles(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<5_000 {
            let number = generator.double()
            #expect(try JSON.parse(JSON.number(number).compact).doubleValue?.bitPattern == number.value.bitPattern)
        }
    }

    @Test("every value is read back as it was, and its text for a script holds none of the five", arguments: 1...8)
    func roundTrip(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let value = generator.value(depth: 4)
            #expect(try JSON.parse(value.compact) == value)
            #expect(try JSON.parse(value.scriptSafe) == value)
            #expect(!value.scriptSafe.holdsScriptCharacter)
        }
    }

    @Test("infinity and NaN can't become JSON")
    func notFinite() {
        #expect(FiniteDouble(.infinity) == nil)
        #expect(FiniteDouble(-.infinity) == nil)
        #expect(FiniteDouble(.nan) == nil)
        #expect(FiniteDouble(1.5 as Double)?.value == 1.5)
    }
}

extension FiniteDouble {
    /// 5e-324; the compiler warns about the literal.
    static let smallest = FiniteDouble(Double.leastNonzeroMagnitude) ?? 0.0
}

extension String {
    /// Whether one of the five characters that a script element may not hold occurs.
    var holdsScriptCharacter: Bool {
        unicodeScalars.contains { ["<", ">", "&", "\u{2028}", "\u{2029}"].contains($0) }
    }
}
