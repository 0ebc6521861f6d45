import OrbitedWire
import Testing

@Suite("Patterns")
struct KeyPatternTests {
    private static let keys = ["a, 0, /chat", "a, 1, /", "b, 0, /chat", "*, 0, /*", "a*, 0, /chat", "é, 0, /ch, at"]

    @Test(
        "a pattern stands for the keys that have its fields byte by byte",
        arguments: [
            ("*, *, *", [0, 1, 2, 3, 4, 5]), ("*, *, /chat", [0, 2, 4]), ("a, *, *", [0, 1]), ("*, 1, *", [1]),
            ("a, 0, *", [0]), ("*, 0, /*", [3]), ("a*, *, *", [4]), ("é, *, *", [5]), ("e\u{301}, *, *", []),
            ("*, *, /ch, at", [5]), ("A, *, *", []), ("*, *, /cha", []), ("*, *, /chat/", []),
        ])
    func matches(text: String, indices: [Int]) throws {
        let pattern = try #require(try KeyPattern(text))
        for (index, key) in Self.keys.enumerated() {
            #expect(try pattern.matches(ConnectionKey(key)) == indices.contains(index), "\(key)")
        }
    }

    @Test(
        "a key without a star as a field is no pattern", arguments: ["a, 0, /*", "a*, 0, /chat", "a, **, /", "a, 0, /"])
    func plain(text: String) throws {
        #expect(try KeyPattern(text) == nil)
    }

    @Test(
        "what is neither key nor pattern is refused with its fault",
        arguments: [
            ("*", ConnectionKeyError.notThreeParts), ("*, *", .notThreeParts), ("*, *, ", .locationWithoutSlash),
            ("*, *, **", .locationWithoutSlash), ("*, *, chat", .locationWithoutSlash), (", *, *", .emptyUser),
            ("*, , *", .emptySession), ("*, a\u{7}, *", .controlCharacter),
        ])
    func refused(text: String, fault: ConnectionKeyError) {
        #expect(throws: fault) { try KeyPattern(text) }
    }

    @Test("it is written as it was read", arguments: ["*, *, *", "a, *, /chat", "*, é, /b, c", "*, *, /*"])
    func description(text: String) throws {
        #expect(try #require(try KeyPattern(text)).description == text)
        #expect(try #require(try KeyPattern(text)).byteCount == text.utf8.count - 4)
    }

    @Test("recipients hold the keys that they name and those that a pattern stands for")
    func recipients() throws {
        let recipients = try Recipients(reading: ["a, 0, /", "b, *, *", "a, 0, /"])
        #expect(recipients.count == 3)
        for (key, isHeld) in [("a, 0, /", true), ("b, 7, /x", true), ("a, 1, /", false)] {
            #expect(try recipients.contains(ConnectionKey(key)) == isHeld)
        }
    }

    @Test("a plain key is no pattern in a frame of Orbit 1.0, whatever stars it has")
    func oldFrames() throws {
        var decoder = ControlDecoder()
        let text = "Orbit 1.0\r\nEvent\r\nid: 7\r\nrecipient: *, *, /chat\r\nlength: 0\r\n\r\n"
        let key = try ConnectionKey("*, *, /chat")
        #expect(
            decoder.outputs(of: [Array(text.utf8)[...]]) == [
                .event(EventFrame(id: "7", recipients: [key], body: .init()))
            ])
    }
}
