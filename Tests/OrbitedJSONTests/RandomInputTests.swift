import OrbitedJSON
import OrbitedTesting
import Testing

@Suite("Random input")
struct RandomInputTests {
    /// What must hold for every sequence of bytes.
    private func check(_ bytes: [UInt8]) throws {
        do {
            let value = try JSON.parse(bytes)
            #expect(try JSON.parse(value.compactBytes) == value)
        } catch {
            #expect((0...bytes.count).contains(error.offset), "\(bytes)")
            #expect(error.line >= 1 && error.column >= 1 && !error.message.isEmpty, "\(bytes)")
        }
        let safe = JSONText.scriptSafe(bytes)
        let text = try #require(String(validating: safe, as: UTF8.self))
        #expect(!text.holdsScriptCharacter, "\(bytes)")
        #expect(JSONText.scriptSafe(safe) == safe, "what is safe is JSON: \(bytes)")
    }

    @Test("random bytes give a value or an error", arguments: 1...4)
    func bytes(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<5_000 { try check(generator.bytes(upTo: 24)) }
    }

    @Test("random tokens give a value or an error", arguments: 1...4)
    func tokens(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<5_000 { try check(generator.tokens(upTo: 12)) }
    }

    @Test("a good text with one byte changed gives a value or an error", arguments: 1...4)
    func mutations(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            var bytes = generator.value(depth: 3).compactBytes
            let index = Int.random(in: 0..<bytes.count, using: &generator)
            bytes[index] = UInt8.random(in: .min ... .max, using: &generator)
            try check(bytes)
        }
    }

    @Test("every beginning of a good text is refused or safe")
    func prefixes() throws {
        let text = Array("{\"a\\u00e9\\n\u{2028}\":[1.5e3,-2,true,null,{\"b\":\"<😀>\"}]}".utf8)
        for end in 0..<text.count {
            #expect(throws: JSONError.self) { try JSON.parse(Array(text[..<end])) }
            try check(Array(text[..<end]))
        }
        try check(text)
    }
}
