import Testing

@testable import OrbitedServer

@Suite struct OriginSettingTests {
    private static let requirement =
        "must be origins such as https://example.org or http://localhost:8080, with commas between them, "
        + "or * for any, or none"

    @Test(
        "Origins stand between commas or spaces, in any case",
        arguments: [
            ("https://a.example, http://b.example:8080", "https://a.example, http://b.example:8080"),
            ("https://a.example http://b.example:8080", "https://a.example, http://b.example:8080"),
            ("HTTPS://A.Example:443,http://b.example:080", "https://a.example, http://b.example"),
            ("http://[::1]:8080", "http://[::1]:8080"), ("http://127.0.0.1", "http://127.0.0.1"),
            ("*", "*"), ("none", "none"), ("None", "none"),
        ])
    func takes(text: String, shown: String) throws {
        let rule = try #require(SettingKind.origins.parse(text))
        #expect(SettingKind.origins.render(rule) == shown)
        #expect(SettingKind.origins.parse(shown) == rule)
    }

    @Test(
        "What is no origin is refused, with what was probably meant",
        arguments: [
            ("a.example", "https://a.example"), ("localhost:8080", "http://localhost:8080"),
            ("https://a.example/", "https://a.example"), ("http://a.example/chat?x#y", "http://a.example"),
            ("https:/a.example", "https://a.example"), ("htps://a.example:8443", "https://a.example:8443"),
            ("ws://a.example", "http://a.example"), ("wss://a.example", "https://a.example"),
            ("https://a.example, *", "https://a.example"),
            ("https://a.example, b.example", "https://a.example, https://b.example"),
        ])
    func corrects(text: String, meant: String) {
        let problem = "orbited.cfg:2: \"origins\" \(Self.requirement), not \"\(text)\"; did you mean \"\(meant)\"?"
        #expect(fileLayer("[http]\norigins = \(text)\n").problems == [problem])
        #expect(SettingKind.origins.parse(meant) != nil)
    }

    @Test(
        "What can't be mended is refused without a guess",
        arguments: [
            "null", "https://", "https://*.example", "https://a.example:0", "https://a.example:65536", "*, *",
            "https://me@a.example", "file:///home", "https://bücher.example", "https://a.example:80:80",
        ])
    func refuses(text: String) {
        #expect(
            fileLayer("[http]\norigins = \(text)\n").problems
                == ["orbited.cfg:2: \"origins\" \(Self.requirement), not \"\(text)\""])
    }

    @Test func `No value is no list of origins`() {
        #expect(
            fileLayer("[http]\norigins =\n").problems
                == ["orbited.cfg:2: \"origins\" \(Self.requirement), and has no value"])
    }
}
