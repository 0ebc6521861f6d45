import Foundation
import OrbitedTesting
import Testing

@testable import OrbitedServer

@Suite("The file with the secret")
struct SecretSettingTests {
    private static let requirement =
        "must be the path of a file that can be read and holds 1 to 4096 bytes, or none"

    private func isShown(_ shown: String, by file: TemporaryFile) throws -> Bool {
        try #require(Secret(path: file.path)).isShown(by: Array(shown.utf8))
    }

    @Test("what the file holds is the secret, but for one line end", arguments: ["", "\n", "\r\n"])
    func lineEnd(end: String) throws {
        let file = try TemporaryFile("let me in" + end)
        #expect(try isShown("let me in", by: file))
        #expect(try !isShown("let me in\n", by: file))
    }

    @Test("any other white space is part of it", arguments: [" a", "a ", "a\n\n", "a\r", "\na", "\n\n", "\r"])
    func whiteSpace(text: String) throws {
        let secret = text.hasSuffix("\n") ? String(text.dropLast()) : text
        #expect(try isShown(secret, by: TemporaryFile(text)))
    }

    @Test(
        "no other bytes are the secret",
        arguments: ["", "l", "let me i", "let me in ", "let me inlet me in", "Let me in", "let me io", "xet me in"])
    func others(shown: String) throws {
        #expect(try !isShown(shown, by: TemporaryFile("let me in")))
    }

    @Test("the longest secret has 4096 bytes, with a line end behind them or without", arguments: ["", "\n", "\r\n"])
    func longest(end: String) throws {
        let secret = String(repeating: "s", count: 4096)
        #expect(try isShown(secret, by: TemporaryFile(secret + end)))
        #expect(Secret(path: try TemporaryFile(secret + "s" + end).path) == nil)
    }

    @Test("a file that is empty, too large or not there is refused, whatever names it")
    func refused() throws {
        let files = [
            try TemporaryFile(""), try TemporaryFile("\n"), try TemporaryFile("\r\n"),
            try TemporaryFile(String(repeating: "s", count: 100_000)),
        ]
        for path in files.map(\.path) + ["/nonexistent/secret", FileManager.default.temporaryDirectory.path()] {
            let problem = "\(Self.requirement), not \"\(path)\""
            #expect(
                fileLayer("[global]\nop.secret_file = \(path)\n").problems
                    == ["orbited.cfg:2: \"op.secret_file\" \(problem)"])
            #expect(SettingFlags(["--op-secret-file", path]).layer.problems == ["--op-secret-file \(problem)"])
        }
    }

    @Test("none is no secret, in any case, and a file that is called so is not read", arguments: ["none", "None"])
    func none(text: String) throws {
        let file = try TemporaryFile("let me in")
        let configuration = loaded("[global]\nop.secret_file = \(file.path)\n", flags: ["--op-secret-file", text])
        #expect(configuration.configuration.control.secret == nil)
        #expect(loaded().configuration.control.secret == nil)
    }

    @Test("the settings in effect show the path, and nothing shows the secret")
    func hidden() throws {
        let file = try TemporaryFile("let me in\n")
        let configuration = loaded(flags: ["--op-secret-file", file.path])
        let shown = configuration.effectiveSettings()
        #expect(shown.contains("op.secret_file = \(file.path)"))
        let secret = try #require(configuration.configuration.control.secret)
        for text in [shown, "\(secret)", "\(configuration.configuration.control)"] {
            #expect(!text.contains("let me in"))
        }
    }
}
