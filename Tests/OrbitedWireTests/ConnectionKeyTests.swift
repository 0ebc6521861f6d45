import OrbitedWire
import Testing

@Suite("Connection keys")
struct ConnectionKeyTests {
    struct Good: Sendable {
        let line: String
        let user: String
        let session: String
        let location: String

        init(_ line: String, _ user: String, _ session: String, _ location: String) {
            self.line = line
            self.user = user
            self.session = session
            self.location = location
        }
    }

    static let goodLines = [
        Good("michael, 0, /chat", "michael", "0", "/chat"),
        Good("u, s, /", "u", "s", "/"),
        Good("u, s, /a, b, c", "u", "s", "/a, b, c"),
        Good("u,x, s,, /l", "u,x", "s,", "/l"),
        Good("u,, s, /l", "u,", "s", "/l"),
        Good(" u ,  s , /l ", " u ", " s ", "/l "),
        Good(",, ,, /l", ",", ",", "/l"),
        Good("Zoë, 日本, /💬", "Zoë", "日本", "/💬"),
        Good("(u, s, /l)", "(u", "s", "/l)"),
        Good("u|v, %7C, /a|b?c=d#e", "u|v", "%7C", "/a|b?c=d#e"),
        Good("\u{301}, e\u{301}, /\u{301}", "\u{301}", "e\u{301}", "/\u{301}"),
        Good("\u{80}, \u{9f}, /\u{2028}", "\u{80}", "\u{9f}", "/\u{2028}"),
    ]

    @Test("a good line has its three parts", arguments: goodLines)
    func parts(_ good: Good) throws {
        let key = try ConnectionKey(good.line)
        #expect(key.user == good.user)
        #expect(key.session == good.session)
        #expect(key.location == good.location)
        #expect(key.description == good.line)
    }

    @Test("bytes give the same key as text", arguments: goodLines)
    func bytes(_ good: Good) throws {
        let key = try Array(good.line.utf8).withUnsafeBytes { try ConnectionKey($0) }
        #expect(key == (try ConnectionKey(good.line)))
        #expect(key.bytes == Array(good.line.utf8))
    }

    @Test("parts give the same key as the line", arguments: goodLines)
    func put(_ good: Good) throws {
        let key = try ConnectionKey(user: good.user, session: good.session, location: good.location)
        #expect(key == (try ConnectionKey(good.line)))
    }

    static let badLines: [(String, ConnectionKeyError)] = [
        ("", .notThreeParts),
        ("michael", .notThreeParts),
        ("michael, 0", .notThreeParts),
        ("michael,0,/chat", .notThreeParts),
        ("michael, 0,/chat", .notThreeParts),
        (", s, /l", .emptyUser),
        ("u, , /l", .emptySession),
        (", , ", .emptyUser),
        ("u, s, ", .locationWithoutSlash),
        ("u, s, l", .locationWithoutSlash),
        ("u, s,  /l", .locationWithoutSlash),
        ("u, v, s, /l", .locationWithoutSlash),
        ("u\0, s, /l", .controlCharacter),
        ("u, s\t, /l", .controlCharacter),
        ("u, s, /\u{1f}", .controlCharacter),
        ("u, s, /\u{7f}", .controlCharacter),
        ("u, s, /\n", .controlCharacter),
    ]

    @Test("a bad line is refused with the part at fault", arguments: badLines)
    func refused(line: String, error: ConnectionKeyError) {
        #expect(throws: error) { try ConnectionKey(line) }
        #expect(throws: error) { try Array(line.utf8).withUnsafeBytes { try ConnectionKey($0) } }
    }

    @Test(
        "bytes that are not UTF-8 are refused",
        arguments: [[0xFF], [0xC3], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80]] as [[UInt8]])
    func notUTF8(bytes: [UInt8]) {
        let line = Array("u, s, /".utf8) + bytes
        #expect(throws: ConnectionKeyError.notUTF8) { try line.withUnsafeBytes { try ConnectionKey($0) } }
    }

    static let badParts: [(String, String, String, ConnectionKeyError)] = [
        ("", "s", "/l", .emptyUser),
        ("u", "", "/l", .emptySession),
        ("u", "s", "", .locationWithoutSlash),
        ("u, v", "s", "/l", .separatorInName),
        ("u", ", ", "/l", .separatorInName),
        ("u", "s", "/\r", .controlCharacter),
    ]

    @Test("bad parts are refused", arguments: badParts)
    func refusedParts(user: String, session: String, location: String, error: ConnectionKeyError) {
        #expect(throws: error) { try ConnectionKey(user: user, session: session, location: location) }
    }

    @Test("keys whose parts join to the same line are told apart by nothing, since no such parts exist")
    func unambiguous() throws {
        let names = [",", ",,", " ", "a", "a,", ",a", " a", "a "]
        for user in names {
            for session in names {
                let key = try ConnectionKey(user: user, session: session, location: "/, /")
                #expect(key.user == user && key.session == session && key.location == "/, /")
            }
        }
    }

    @Test("two spellings of one text are two keys")
    func noNormalisation() throws {
        let composed = try ConnectionKey("\u{e9}, 0, /")
        let decomposed = try ConnectionKey("e\u{301}, 0, /")
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
    }

    @Test("every error has a sentence", arguments: ConnectionKeyError.allCases)
    func sentences(_ error: ConnectionKeyError) {
        #expect(error.description.count > 10 && !error.description.hasSuffix("."))
    }
}
