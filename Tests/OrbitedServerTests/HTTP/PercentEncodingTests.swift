import Testing

@testable import OrbitedServer

@Suite("Percent-decoding")
struct PercentEncodingTests {
    @Test(
        "Text is decoded byte by byte, and a plus stays unless it is a space",
        arguments: [
            ("", "", ""), ("abc", "abc", "abc"), ("a%20b", "a b", "a b"), ("a+b", "a+b", "a b"), ("%2B", "+", "+"),
            ("%2b", "+", "+"),
            ("Zo%C3%AB", "Zoë", "Zoë"), ("Zoë", "Zoë", "Zoë"), ("%25%34%31", "%41", "%41"), ("%00", "\0", "\0"),
            ("a%7Cb", "a|b", "a|b"),
        ])
    func good(text: String, plain: String, form: String) {
        #expect(text.percentDecoded() == plain)
        #expect(text.percentDecoded(plusIsSpace: true) == form)
    }

    @Test(
        "What is not two hexadecimal digits or not UTF-8 is refused",
        arguments: [
            "%", "%4", "a%", "%zz", "%4g", "% 41", "%+1", "%-1", "%ff", "%c3", "%c3%28", "%ed%a0%80", "%%41", "%4%31",
        ])
    func bad(text: String) {
        #expect(text.percentDecoded() == nil)
    }
}
