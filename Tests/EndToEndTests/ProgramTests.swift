import Foundation
import NIOCore
import Testing

extension EndToEnd {
    @Suite("The program")
    struct ProgramTests {
        @Test("it tells its version and how to use it")
        func help() async throws {
            let version = try await Program.run(["--version"])
            #expect(version.status == 0)
            #expect(version.output.hasPrefix("orbited "))
            for arguments in [[], ["serve"], ["event"], ["watch"], ["list"], ["close"], ["check-config"]] {
                let help = try await Program.run(arguments + ["--help"])
                #expect(help.status == 0)
                #expect(help.output.contains("orbited"))
            }
        }

        @Test("an unknown flag is refused with the nearest name", arguments: ["serve", "check-config"])
        func unknownFlag(command: String) async throws {
            let ended = try await Program.run([command, "--htp-port", "0"])
            #expect(ended.status == 1)
            #expect(ended.errors.contains("--http-port"))
            #expect(ended.output == "")
        }

        @Test("check-config prints a good configuration, and says what is wrong with a bad one")
        func checkConfig() async throws {
            let good = try await Program.run(["check-config", "--http-port", "8123"])
            #expect(good.status == 0)
            #expect(good.output.contains("8123"))
            let bad = try await Program.run(["check-config", "--http-port", "many"])
            #expect(bad.status == 1)
            #expect(bad.errors.contains("http.port") || bad.errors.contains("--http-port"))
        }

        @Test("check-config prints where the secret is, and not the secret")
        func checkSecret() async throws {
            let file = try SecretFile("let me in\n")
            let ended = try await Program.run(["check-config", "--op-secret-file", file.path])
            #expect(ended.status == 0)
            #expect(ended.output.contains("op.secret_file = \(file.path)"))
            #expect(!ended.output.contains("let me in") && !ended.errors.contains("let me in"))
            let missing = try await Program.run(["check-config", "--op-secret-file", "/nonexistent/secret"])
            #expect(missing.status == 1)
            #expect(missing.errors.contains("--op-secret-file must be the path of a file that can be read"))
        }

        @Test("a port in use is one clear line and exit code 1", arguments: ["--http-port", "--op-port"])
        func portInUse(flag: String) async throws {
            try await TestServer.run { server in
                let port = try #require(server.http.port)
                let other = flag == "--http-port" ? "--op-port" : "--http-port"
                let ended = try await Program.run(["serve", flag, "\(port)", other, "0", "--log-enabled", "0"])
                #expect(ended.status == 1)
                #expect(ended.errors.split(separator: "\n").count == 1)
                #expect(ended.errors.contains("127.0.0.1:\(port)"))
                #expect(ended.errors.contains(flag))
            }
        }

        @Test(
            "it ends at once on a signal, with streams, polls and idle connections open", arguments: [SIGTERM, SIGINT])
        func signals(signal: Int32) async throws {
            let serving = try await ServingProgram.start()
            let stream = Browser(peer: try await Peer.connect(to: serving.http))
            try await stream.get("/c?user=m")
            _ = try await stream.head()
            let poll = Browser(peer: try await Peer.connect(to: serving.http))
            try await poll.get("/c|p,0,xhr")
            let idle = Browser(peer: try await Peer.connect(to: serving.http))
            try await idle.get("/_/about")
            _ = try await idle.response()
            let application = WebApplication(peer: try await Peer.connect(to: serving.control))
            try await application.waitUntilReached(["m, 0, /c"], "1")
            let began = ContinuousClock.now
            serving.program.send(signal: signal)
            #expect(try await serving.program.ended().status == 0)
            #expect(began.duration(to: .now) < .seconds(5))
            #expect(try await stream.rest().hasSuffix("0\r\n\r\n"))
            #expect(try await poll.response().body == "")
            #expect(try await idle.rest() == "")
            #expect(try await application.peer.takeAll() == "")
        }

        @Test("it ends within its time though a browser and an application read nothing")
        func nobodyReads() async throws {
            let serving = try await ServingProgram.start(["--limits-control-body", "16M"], shutdownTimeout: 1)
            let slow = Browser(peer: try await Peer.connect(to: serving.http, receiveBuffer: 4096))
            try await slow.get("/c?user=m")
            let application = WebApplication(peer: try await Peer.connect(to: serving.control))
            try await application.waitUntilReached(["m, 0, /c"], "start")
            application.peer.start(
                sending: ByteBuffer(
                    string: WebApplication.frame("1", to: ["m, 0, /c"], SlowBrowserTests.body(1, 6 << 20))
                        + WebApplication.frame("mark", to: [], "")))
            #expect(try await application.reply() == WebApplication.success("mark"))
            serving.program.send(signal: SIGTERM)
            #expect(try await application.reply() == WebApplication.failure("1", ["m, 0, /c"]))
            #expect(try await application.peer.takeAll() == "")
            #expect(try await serving.program.ended().status == 0)
        }

        @Test("on a signal the frame that has begun gets 402, and what was taken its receipt")
        func frameInPart() async throws {
            let serving = try await ServingProgram.start()
            let application = WebApplication(peer: try await Peer.connect(to: serving.control))
            try await application.peer.send(
                WebApplication.frame("1", to: [], "") + "Orbit 1.0\r\nEvent\r\nid: 2\r\nlength: 5\r\n\r\n12")
            #expect(try await application.reply() == WebApplication.success("1"))
            serving.program.send(signal: SIGTERM)
            #expect(
                try await application.peer.takeAll()
                    == ControlTests.fault("2", "The server is shutting down", "402 shutting_down"))
            #expect(try await serving.program.ended().status == 0)
        }

        @Test("on a signal under load every frame has its true answer, or was not taken", arguments: [1, 2])
        func signalUnderLoad(loops: Int) async throws {
            let serving = try await ServingProgram.start(["--loops", "\(loops)"])
            let users = ["a", "b", "c"]
            var browsers: [Browser] = []
            for user in users {
                let browser = Browser(peer: try await Peer.connect(to: serving.http))
                try await browser.get("/c?user=\(user)")
                _ = try await browser.head()
                browsers.append(browser)
            }
            let keys = users.map { "\($0), 0, /c" }
            var applications: [WebApplication] = []
            for _ in 0..<3 { applications.append(WebApplication(peer: try await Peer.connect(to: serving.control))) }
            try await applications[0].waitUntilReached(keys, "start")
            let count = 10_000
            for (name, application) in applications.enumerated() {
                application.peer.start(
                    sending: ByteBuffer(
                        string: (0..<count).map { WebApplication.frame("\(name)-\($0)", to: keys, "\(name)-\($0)") }
                            .joined()))
            }
            // In the midst of it.
            #expect(try await applications[0].reply() == WebApplication.success("0-0"))
            serving.program.send(signal: SIGTERM)
            var succeeded: Set<String> = ["0-0"]
            for application in applications {
                for reply in try await application.peer.takeAll().components(separatedBy: "\r\n\r\n")
                where !reply.isEmpty {
                    let lines = reply.components(separatedBy: "\r\n")
                    switch lines[0] {
                    case "Success":
                        let id = try #require(lines.last { $0.hasPrefix("id: ") })
                        #expect(succeeded.insert(String(id.dropFirst(4))).inserted)
                    case "Failure":
                        // The frame that was cut off in its head has no id.
                        #expect(
                            lines.last == "code: 402 shutting_down" || lines.contains { $0.hasPrefix("recipient: ") })
                    default: Issue.record("\(lines[0]) is no reply")
                    }
                }
            }
            #expect(try await serving.program.ended().status == 0)
            for browser in browsers {
                let rest = try await browser.rest()
                #expect(rest.hasSuffix("0\r\n\r\n"))
                // The lines of the stream and of its chunks; only events have lines of data.
                let seen = rest.split(separator: /\r?\n/).filter {
                    $0.hasPrefix("data: ") && !$0.hasPrefix("data: start")
                }
                .map { String($0.dropFirst(6)) }
                #expect(Set(seen) == succeeded)
                #expect(seen.count == succeeded.count)
            }
        }
    }
}
