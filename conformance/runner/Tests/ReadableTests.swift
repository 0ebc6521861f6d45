import Testing

@testable import OrbitedConformance

@Suite("Messages for people")
struct ReadableTests {
    @Test("show bytes that are not printable by their numbers")
    func bytes() {
        #expect(readable(Array("a\r\n\t\\é".utf8)) == #"a\r\n\x09\\\xc3\xa9"#)
    }

    @Test("cut what is long in the middle, and count what is left out")
    func long() {
        let text = readable(Array(repeating: UInt8(ascii: "x"), count: 5_000), to: 30)
        #expect(
            text == String(repeating: "x", count: 20) + " … 4,970 bytes more … " + String(repeating: "x", count: 10))
        #expect(shortened("abcdefghij", to: 6) == "abcd … 4 characters more … ij")
    }

    @Test("name the first byte that differs")
    func difference() {
        let difference = Difference.bytes(
            "the bytes", expected: Array("Success\r\n".utf8), got: Array("Success\n".utf8))
        #expect(difference.reason == #"the bytes differ at byte 7: \r was expected, and \n came"#)
        #expect(difference.expected == #"Success\r\n"#)
        let short = Difference.bytes("the bytes", expected: Array("ab".utf8), got: Array("a".utf8))
        #expect(short.reason == "the bytes differ at byte 1: b was expected, and the end came")
    }

    @Test("name times in seconds", arguments: [(0, "0 s"), (1500, "1.5 s"), (20, "0.02 s"), (61_000, "61 s")])
    func times(milliseconds: Int, text: String) {
        #expect(inSeconds(.milliseconds(milliseconds)) == text)
    }
}
