import NIOCore
import OrbitedServer
import Testing

extension EndToEnd {
    @Suite("A server with a secret")
    struct AuthTests {
        private static let required = (
            "The connection has not been let in by an Auth", "501 auth_required"
        )

        private static func refusal(_ id: String) -> String { ControlTests.fault(id, required.0, required.1) }

        private static let failed = ControlTests.fault("a", "The secret is not the server's", "502 auth_failed")

        private func run(_ test: (TestServer) async throws -> Void) async throws {
            let file = try SecretFile("let me in\n")
            try await TestServer.run({ $0.control.secret = Secret(path: file.path) }, test)
        }

        @Test("it refuses every frame before the secret, of either version, and stays open")
        func required() async throws {
            try await run { server in
                let application = try await WebApplication.connect(to: server)
                try await application.send("old", to: ["m, 0, /c"], "{}")
                #expect(try await application.reply() == Self.refusal("old"))
                try await application.peer.send(WebApplication.event11("new", to: ["*, *, *"], "{}"))
                #expect(try await application.reply() == Self.refusal("new"))
                for action in ["Ping", "List", "Close"] {
                    #expect(try await application.ask(action, action) == Self.refusal(action))
                }
                #expect(try await application.ask("Watch", "w", "recipient: *, *, *") == Self.refusal("w"))
                #expect(try await application.ask("Unwatch", "u", "watch: w") == Self.refusal("u"))
            }
        }

        @Test("it lets in who shows it, for the frames after it, of either version")
        func right() async throws {
            try await run { server in
                let browser = try await Browser.stream("/c?user=m", from: server)
                let application = try await WebApplication.connect(to: server)
                try await application.peer.send(
                    WebApplication.frame("1", to: ["m, 0, /c"], "1")
                        + WebApplication.orbit11("Auth", "a", body: "let me in")
                        + WebApplication.frame("2", to: ["m, 0, /c"], "2"))
                #expect(try await application.reply() == Self.refusal("1"))
                #expect(try await application.reply() == WebApplication.done("a"))
                #expect(try await application.reply() == WebApplication.success("2"))
                #expect(try await browser.event() == "data: 2\n\n")
                #expect(try await application.ask("Ping") == WebApplication.done("ask"))
            }
        }

        @Test(
            "it refuses a secret that is not its own, and takes nothing after it",
            arguments: ["", "let me i", "let me in\n", "Let me in", "let me inlet me in", "l", "secret"])
        func wrong(secret: String) async throws {
            try await run { server in
                let application = try await WebApplication.connect(to: server)
                try await application.peer.send(
                    WebApplication.orbit11("Auth", "a", body: secret) + WebApplication.orbit11("Ping", "p"))
                #expect(try await application.peer.takeAll() == Self.failed)
            }
        }

        @Test("it lets in a connection, and no other one")
        func others() async throws {
            try await run { server in
                let first = try await WebApplication.connect(to: server)
                #expect(try await first.ask("Auth", body: "let me in") == WebApplication.done("ask"))
                let second = try await WebApplication.connect(to: server)
                #expect(try await second.ask("Ping") == Self.refusal("ask"))
            }
        }

        @Test("a connection that was let in and shows a wrong secret then is closed behind its replies")
        func wrongLater() async throws {
            try await run { server in
                let application = try await WebApplication.connect(to: server)
                try await application.peer.send(
                    WebApplication.orbit11("Auth", "1", body: "let me in") + WebApplication.frame("2", to: [], "{}")
                        + WebApplication.orbit11("Auth", "a", body: "let me on"))
                #expect(
                    try await application.peer.takeAll()
                        == WebApplication.done("1") + WebApplication.success("2") + Self.failed)
            }
        }

        @Test("a malformed frame before it has its own fault, and lets nobody in")
        func malformed() async throws {
            try await run { server in
                let application = try await WebApplication.connect(to: server)
                try await application.peer.send("Orbit 1.1\r\nAuth\r\nlength: 9\r\n\r\nlet me in")
                #expect(
                    try await application.reply()
                        == ControlTests.fault(nil, "The frame has no id", "104 missing_id"))
                #expect(try await application.ask("Ping") == Self.refusal("ask"))
                try await application.peer.send("Orbit 1.0\r\nAuth\r\nid: 1\r\nlength: 9\r\n\r\nlet me in")
                #expect(
                    try await application.reply()
                        == ControlTests.fault("1", "The action is not Event", "102 bad_action"))
                try await application.peer.send("GET / HTTP/1.1\r\n")
                #expect(
                    try await application.peer.takeAll()
                        == ControlTests.fault(nil, "The frame does not begin with Orbit", "101 bad_version"))
            }
        }

        @Test("a server without one lets in whoever shows whatever")
        func none() async throws {
            try await TestServer.run { server in
                let application = try await WebApplication.connect(to: server)
                for secret in ["", "anything"] {
                    #expect(try await application.ask("Auth", body: secret) == WebApplication.done("ask"))
                }
            }
        }
    }
}
