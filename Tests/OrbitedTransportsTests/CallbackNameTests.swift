import OrbitedTransports
import Testing

@Suite("Names of callbacks")
struct CallbackNameTests {
    @Test(
        "identifiers with dots between them are names",
        arguments: [
            "a", "_", "$", "take", "Orbited.take", "a.b.c", "$1", "_0", "a1.b2", String(repeating: "x", count: 128),
        ])
    func good(name: String) { #expect(CallbackName.isValid(name)) }

    @Test(
        "anything else is none",
        arguments: [
            "", ".", "a.", ".a", "a..b", "1a", "a.1", "a b", "a-b", "a()", "a[0]", "alert(1)//", "é", "a\n", "a\u{0}",
            "<script>", "a;b", "a=b", "\\u0061", String(repeating: "x", count: 129),
        ])
    func bad(name: String) { #expect(!CallbackName.isValid(name)) }
}
