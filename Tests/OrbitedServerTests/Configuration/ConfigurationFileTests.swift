import OrbitedTesting
import Testing

@testable import OrbitedServer

@Suite struct ConfigurationFileTests {
    @Test func `A file of 2007 is understood whole`() {
        let text = """
            # what the demos of 2007 held, in all forms of their years

            [global]
            http.port = 8001
            orbit.port=9002            # op.port since 0.2
            admin.enabled = 0
            session.timeout = 7
            session.default_key = 1
            event.retry_limit = 2
            proxy.enabled = 1
            proxy.keepalive = 0
              proxy.keepalive_default_timeout = 200
            log.enabled = 0

            [transport]
            default = stream
            xhr.timeout = 20
            xhr_multipart.boundary = orbited--

            [admin]
            admin.port = 9001

            [log]
            log.access = screen
            log.error = screen,error.log
            log.event = screen
            type = basic
            location = logging.conf
            level = INFO

            [proxy]
            /cherrychat -> ORBITED
            /static     -> http://127.0.0.1:4701
            /           -> http://127.0.0.1:4700
            """
        let result = loaded(text)
        let configuration = result.configuration
        #expect(fileLayer(text).problems.isEmpty)
        #expect(configuration.http.port == 8001)
        #expect(configuration.control.port == 9002)
        #expect(!configuration.admin.enabled && configuration.admin.port == 9001)
        #expect(configuration.session.timeout == .seconds(7))
        #expect(configuration.session.defaultKey == "1")
        #expect(configuration.session.retryLimit == 2)
        #expect(configuration.proxy.enabled && !configuration.proxy.keepAlive)
        #expect(configuration.proxy.keepAliveTimeout == .seconds(200))
        #expect(!configuration.log.enabled)
        #expect(configuration.transport.defaultName == "sse")
        #expect(configuration.transport.xhrTimeout == .seconds(20))
        #expect(configuration.log.level == "info")
        #expect(configuration.proxy.rules.map(\.prefix) == ["/cherrychat", "/static", "/"])
        #expect(configuration.proxy.rules.first?.target == .orbited)

        let lines = result.warnings.compactMap { $0.split(separator: ":").dropFirst().first.flatMap { Int($0) } }
        #expect(lines == [16, 18, 24, 25, 26, 27, 28])
    }

    @Test(
        "A file is read alike however its lines end",
        arguments: ["\n", "\r\n"], ["", "\u{FEFF}"])
    func lineEndsAndMarks(end: String, mark: String) {
        let lines = [
            "[global]", "", "http.port = 8001", "\t # nothing", "http.host\t=\tlocalhost\t# home", "[ log ]",
            "level=error",
        ]
        for tail in ["", end] {
            let result = loaded(mark + lines.joined(separator: end) + tail)
            #expect(result.configuration.http.port == 8001)
            #expect(result.configuration.http.host == "localhost")
            #expect(result.configuration.log.level == "error")
            #expect(result.origin(of: .httpHost) == .file(name: "orbited.cfg", line: 5))
        }
    }

    @Test func `A number sign within a value is part of it`() {
        let text = "[global]\nsession.default_key = a#b # c#d\n[proxy]\n/a -> ORBITED\t# one\n"
        let result = loaded(text)
        #expect(result.configuration.session.defaultKey == "a#b")
        #expect(result.configuration.proxy.rules.map(\.prefix) == ["/a"])
    }

    @Test func `An equals sign within a value is part of it`() {
        #expect(loaded("[global]\nsession.default_key = a=b\n").configuration.session.defaultKey == "a=b")
    }

    @Test func `A section may come twice`() {
        let result = loaded("[global]\nhttp.port = 1\n[log]\nlevel = error\n[global]\nop.port = 2\n")
        #expect(result.configuration.http.port == 1)
        #expect(result.configuration.control.port == 2)
    }

    @Test func `An empty file changes nothing`() {
        for text in ["", "\n", "\r\n\r\n", "# only a comment", "[global]\n", "[proxy]\n", "\u{FEFF}"] {
            #expect(fileLayer(text).problems.isEmpty)
            #expect(loaded(text).configuration == Configuration())
        }
    }

    @Test func `Rules keep their order and switch the proxy on, unless it was set`() {
        let rules = "[proxy]\n/b -> ORBITED\n/a -> ORBITED\n"
        #expect(loaded(rules).configuration.proxy.rules.map(\.prefix) == ["/b", "/a"])
        #expect(loaded(rules).configuration.proxy.enabled)
        #expect(loaded(rules).origin(of: .proxyEnabled) == .impliedByRules)
        #expect(!loaded("[global]\nproxy.enabled = 0\n" + rules).configuration.proxy.enabled)
        #expect(!loaded(rules, environment: ["ORBITED_PROXY_ENABLED": "no"]).configuration.proxy.enabled)
        #expect(!loaded(rules, flags: ["--proxy-enabled=off"]).configuration.proxy.enabled)
    }

    @Test func `Whatever the bytes, reading them ends`() {
        var random = SeededGenerator(seed: 2007)
        let pieces: [[UInt8]] = [
            "[global]\n", "[proxy]", "http.port", " = ", "->", "#", "\r\n", "\u{FEFF}", "/", "[", "]",
        ]
        .map { Array($0.utf8) }
        for _ in 0..<2000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0..<40, using: &random) {
                bytes +=
                    Bool.random(using: &random)
                    ? pieces.randomElement(using: &random) ?? [] : [UInt8.random(in: 0...255, using: &random)]
            }
            let layer = ConfigurationFile(bytes, name: "random").layer
            #expect(layer.problems.count <= ConfigurationFile.mostProblems + 1)
            #expect(layer.problems.allSatisfy { !$0.hasControlCharacter })
        }
    }
}
