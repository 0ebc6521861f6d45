import OrbitedProxy
import Testing

@Suite("Proxy rules")
struct ProxyRuleTests {
    @Test(
        "A rule is read as it is written",
        arguments: [
            ("/chat -> ORBITED", "/chat", ProxyTarget.orbited),
            ("/->ORBITED", "/", .orbited),
            ("  /chat   ->\torbited ", "/chat", .orbited),
            ("/ -> http://127.0.0.1:4700", "/", .application(Application(host: "127.0.0.1", port: 4700))),
            ("/ -> HTTP://app.example", "/", .application(Application(host: "app.example", port: 80))),
            ("/ -> http://localhost:4700/", "/", .application(Application(host: "localhost", port: 4700))),
            ("/ -> http://[::1]:4700", "/", .application(Application(host: "::1", port: 4700))),
            ("/ -> http://[::1]", "/", .application(Application(host: "::1", port: 80))),
            ("/a-b -> http://web_1:65535", "/a-b", .application(Application(host: "web_1", port: 65535))),
            ("/ä -> ORBITED", "/ä", .orbited),
        ])
    func reads(text: String, prefix: String, target: ProxyTarget) throws {
        let rule = try ProxyRule(parsing: text)
        #expect(rule == ProxyRule(prefix: prefix, target: target))
        #expect(try ProxyRule(parsing: rule.description) == rule)
    }

    @Test(
        "What is no rule is refused for what is wrong with it",
        arguments: [
            ("", ProxyRuleError.missingArrow(rule: "")),
            ("/chat = ORBITED", .missingArrow(rule: "/chat = ORBITED")),
            ("chat -> ORBITED", .prefixWithoutSlash(prefix: "chat")),
            ("-> ORBITED", .prefixWithoutSlash(prefix: "")),
            ("/a b -> ORBITED", .unusablePrefix(prefix: "/a b")),
            ("/a?b -> ORBITED", .unusablePrefix(prefix: "/a?b")),
            ("/ ->", .missingTarget),
            ("/ -> ORBITER", .unknownTarget(target: "ORBITER")),
            ("/ -> 127.0.0.1:4700", .unknownTarget(target: "127.0.0.1:4700")),
            ("/ -> ftp://host", .unknownTarget(target: "ftp://host")),
            ("/ -> https://host", .encryptedTarget(target: "https://host")),
            ("/ -> http://host:4700/app", .pathInTarget(authority: "host:4700", path: "/app")),
            ("/ -> http://host?a=b", .pathInTarget(authority: "host", path: "?a=b")),
            ("/ -> http://", .unusableHost(host: "")),
            ("/ -> http://:4700", .unusableHost(host: ":4700")),
            ("/ -> http://user@host", .unusableHost(host: "user@host")),
            ("/ -> http://a b", .unusableHost(host: "a b")),
            ("/ -> http://[::1", .unusableHost(host: "[::1")),
            ("/ -> http://[host]:1", .unusableHost(host: "[host]:1")),
            ("/ -> http://[::1]4700", .unusableHost(host: "[::1]4700")),
            ("/ -> http://host:", .unusablePort(port: "")),
            ("/ -> http://host:0", .unusablePort(port: "0")),
            ("/ -> http://host:65536", .unusablePort(port: "65536")),
            ("/ -> http://host:+80", .unusablePort(port: "+80")),
            ("/ -> http://::1:80", .unusableHost(host: "::1:80")),
        ])
    func refuses(text: String, error: ProxyRuleError) {
        #expect(throws: error) { try ProxyRule(parsing: text) }
        #expect(error.description.hasSuffix("."))
    }

    @Test("An error says what to write")
    func advice() {
        #expect(
            ProxyRuleError.pathInTarget(authority: "host:4700", path: "/app").description.contains(
                "write http://host:4700."))
        #expect(ProxyRuleError.prefixWithoutSlash(prefix: "chat").description.contains("\"/chat -> …\""))
    }

    @Test(
        "The first rule whose prefix begins the path decides",
        arguments: [
            ("/cherrychat", ProxyTarget.orbited),
            ("/cherrychat/room", .orbited),
            ("/cherrychatter", .orbited),
            ("/static/a.css", .application(Application(host: "127.0.0.1", port: 4701))),
            ("/", .application(Application(host: "127.0.0.1", port: 4700))),
            ("/Cherrychat", .application(Application(host: "127.0.0.1", port: 4700))),
            ("*", nil),
            ("", nil),
        ])
    func firstMatch(path: String, target: ProxyTarget?) throws {
        let rules = ProxyRules([
            try ProxyRule(parsing: "/cherrychat -> ORBITED"),
            try ProxyRule(parsing: "/static     -> http://127.0.0.1:4701"),
            try ProxyRule(parsing: "/           -> http://127.0.0.1:4700"),
            try ProxyRule(parsing: "/never      -> ORBITED"),
        ])
        #expect(rules.target(for: path) == target)
    }

    @Test("Prefixes are compared byte by byte, not as Unicode")
    func bytes() {
        let rules: ProxyRules = [ProxyRule(prefix: "/\u{E9}", target: .orbited)]
        #expect(rules.target(for: "/e\u{301}") == nil)
        #expect(rules.target(for: "/\u{E9}\u{301}") == .orbited)
    }

    @Test("No rules match nothing")
    func empty() {
        #expect(ProxyRules([]).isEmpty)
        #expect(ProxyRules([]).target(for: "/") == nil)
    }
}
