import Foundation
import NIOCore
import Testing

extension EndToEnd {
    @Suite("The commands for the control port")
    struct CommandTests {
        @Test("event tells by its exit code what became of the event")
        func event() async throws {
            try await TestServer.run { server in
                let port = ["--port", "\(try #require(server.control.port))"]
                let browser = try await Browser.stream("/c?user=m", from: server)
                let reached = try await Program.run(["event", "m, 0, /c", "Hello"] + port)
                #expect(reached.status == 0)
                #expect(reached.output == "Success: 1 reached\n")
                #expect(try await browser.event() == "data: \"Hello\"\n\n")
                let unreached = try await Program.run(["event", "m, 0, /c", "n, 0, /c", "{\"a\": 1}"] + port)
                #expect(unreached.status == 2)
                #expect(unreached.output.contains("unreached: n, 0, /c (301 unreachable)\n"))
                #expect(try await browser.event() == "data: {\"a\": 1}\n\n")
                _ = try await Program.run(["event", "m, 0, /c", "Hello", "--raw"] + port)
                #expect(try await browser.event() == "data: Hello\n\n")
                _ = try await Program.run(["event", "m, 0, /c", "-"] + port, input: "[1,\n2]")
                #expect(try await browser.event() == "data: [1,\ndata: 2]\n\n")
                let bad = try await Program.run(["event", "m, 0", "Hello"] + port)
                #expect(bad.status != 0)
                #expect(bad.errors.contains("m, 0"))
            }
        }

        @Test("event reaches all whom a pattern stands for, and can ask for the browser's word and for a time to live")
        func terms() async throws {
            try await TestServer.run { server in
                let port = ["--port", "\(try #require(server.control.port))"]
                let m = try await Browser.stream("/c?user=m", from: server)
                let n = try await Browser.stream("/c?user=n&transport=xhr_stream", from: server)
                let all = try await Program.run(["event", "*, *, /c", "Hello"] + port)
                #expect(all.output == "Success: 2 reached\n")
                let word = try await Program.run(["event", "n, 0, /c", "Hello", "--ack", "browser"] + port)
                #expect(word.status == 2)
                #expect(word.output.hasSuffix("unreached: n, 0, /c (305 unconfirmed)\n"))
                await n.close()
                let away = try await Program.run(["event", "n, 0, /c", "Hello", "--ttl", "0"] + port)
                #expect(away.status == 2 || away.output == "Success: 1 reached\n", "the server may not know yet")
                await m.close()
            }
        }

        @Test("list prints the keys, as many as the limit lets it")
        func list() async throws {
            try await TestServer.run { server in
                let port = ["--port", "\(try #require(server.control.port))"]
                let browsers = [
                    try await Browser.stream("/c?user=m", from: server),
                    try await Browser.stream("/d?user=n", from: server),
                ]
                let all = try await Program.run(["list"] + port)
                #expect(all.status == 0)
                #expect(all.output.split(separator: "\n").sorted() == ["m, 0, /c", "n, 0, /d"])
                #expect(try await Program.run(["list", "*, *, /d"] + port).output == "n, 0, /d\n")
                let first = try await Program.run(["list", "--limit", "1"] + port)
                #expect(first.output.split(separator: "\n").count == 1)
                #expect(first.errors.contains("there are more than 1 keys"))
                for browser in browsers { await browser.close() }
            }
        }

        @Test("watch prints who is there, comes and goes; close ends a session")
        func watch() async throws {
            try await TestServer.run { server in
                let port = ["--port", "\(try #require(server.control.port))"]
                let m = try await Browser.stream("/c?user=m", from: server)
                let watch = try Program(["watch", "*, *, /c", "--state"] + port)
                #expect(await watch.line() == "present m, 0, /c")
                let n = try await Browser.stream("/c?user=n", from: server)
                #expect(await watch.line() == "signon  n, 0, /c")
                let closed = try await Program.run(["close", "n, *, *", "--reason", "Good bye."] + port)
                #expect(closed.output == "closed: 1\n")
                #expect(try await n.event() == "event: closed\ndata: Good bye.\n\n")
                #expect(await watch.line() == "signoff n, 0, /c (closed)")
                watch.send(signal: SIGINT)
                _ = try await watch.ended()
                await m.close()
            }
        }

        @Test("a server with a secret wants it from each command")
        func secret() async throws {
            let file = FileManager.default.temporaryDirectory.appending(path: "secret-\(UUID().uuidString)")
            try Data("open sesame\n".utf8).write(to: file)
            defer { try? FileManager.default.removeItem(at: file) }
            let serving = try await ServingProgram.start(["--op-secret-file", file.path()])
            let port = ["--port", "\(try #require(serving.control.port))"]
            let without = try await Program.run(["list"] + port)
            #expect(without.status == 1)
            #expect(without.errors.contains("501"))
            #expect(try await Program.run(["list", "--secret-file", file.path()] + port).status == 0)
            let missing = try await Program.run(["list", "--secret-file", file.path() + "-"] + port)
            #expect(missing.errors.contains("can't be read"))
            serving.program.send(signal: SIGTERM)
            #expect(try await serving.program.ended().status == 0)
        }

        @Test(
            "what is not right is refused before anything is sent",
            arguments: [
                ["event", "m, 0, /c", "Hello", "--ttl", "-1"], ["event", "m, 0, /c", "Hello", "--ack", "maybe"],
                ["list", "--limit", "0"], ["list", "m, 0"], ["close", "m, 0, /c", "--reason", "a\nb"],
                ["close", "m, 0, /c", "--reason", String(repeating: "x", count: 101)], ["watch", "m"], ["close"],
            ])
        func wrong(arguments: [String]) async throws {
            let ended = try await Program.run(arguments + ["--port", "1"])
            #expect(ended.status == 64)
            #expect(!ended.errors.isEmpty && ended.output.isEmpty)
        }

        @Test(
            "a command says when there is no server, and exits 1",
            arguments: [["event", "m, 0, /c", "Hello"], ["list"], ["close", "m, 0, /c"], ["watch"]])
        func noServer(command: [String]) async throws {
            let server = try await TestServer.start()
            let port = try #require(server.control.port)
            try await server.stop()
            let ended = try await Program.run(command + ["--port", "\(port)"])
            #expect(ended.status == 1)
            #expect(ended.errors.contains("can't connect to 127.0.0.1:\(port)"))
        }
    }
}
