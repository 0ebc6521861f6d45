import Foundation
import NIOCore
import Testing

extension EndToEnd {
    @Suite("Shutting down with Orbit 1.1")
    struct Orbit11ShutdownTests {
        @Test("a watch hears that the sessions end, and then its connection does", arguments: [1, 2])
        func watch(loops: Int) async throws {
            let server = try await TestServer.start(loops: loops)
            let application = try await WebApplication.connect(to: server)
            _ = try await application.ask("Watch", "w", "recipient: *, *, *")
            for user in 0..<4 { _ = try await Browser.stream("/c?user=u\(user)", from: server) }
            for number in 1...4 { #expect(try await application.notice().hasPrefix("Signon \(number) ")) }
            try await server.stop()
            let rest = try await application.peer.takeAll().components(separatedBy: "\r\n\r\n").dropLast()
            #expect(rest.map { WebApplication.value("sequence", in: $0) } == ["5", "6", "7", "8"])
            #expect(rest.allSatisfy { $0.hasPrefix("Signoff") && $0.contains("\r\nreason: shutdown") })
        }

        @Test("events without the browser's word are unconfirmed")
        func word() async throws {
            let server = try await TestServer.start()
            let application = try await WebApplication.connect(to: server)
            let browser = try await Browser.stream("/c?user=m", from: server)
            try await application.waitUntilPresent(1)
            try await application.peer.send(WebApplication.event11("1", to: ["*, *, *"], "x", ["ack: browser"]))
            #expect(try await browser.event() == "data: x\n\n")
            try await server.stop()
            #expect(
                try await application.peer.takeAll()
                    == "Failure\r\nid: 1\r\nmsg: Failed to reach one or more recipients\r\nreached: 0\r\n"
                    + "unreached: 305 unconfirmed (m, 0, /c)\r\n\r\n")
        }

        /// The ids of frames that were answered, with how many recipients each reached; nil for one that was refused.
        private func answers(_ text: String) throws -> [(id: String, reached: Int?)] {
            try text.components(separatedBy: "\r\n\r\n").filter { !$0.isEmpty }.compactMap { reply in
                if reply.contains("code: 402 shutting_down"), WebApplication.value("id", in: reply) == nil {
                    return nil
                }
                let id = try #require(WebApplication.value("id", in: reply), "\(reply)")
                let reached = WebApplication.value("reached", in: reply).flatMap { Int($0) }
                let unreached = reply.components(separatedBy: "unreached: ").count - 1
                #expect(
                    reached == nil ? reply.contains("402 shutting_down") : reached.map { $0 + unreached <= 3 } == true)
                if reply.hasPrefix("Success") {
                    #expect(unreached == 0)
                } else if reached != nil {
                    #expect(unreached > 0)
                }
                return (id, reached)
            }
        }

        @Test("on a signal under load every event has its true answer, or was not taken", arguments: [1, 2])
        func signalUnderLoad(loops: Int) async throws {
            let serving = try await ServingProgram.start(["--loops", "\(loops)"])
            let application = WebApplication(peer: try await Peer.connect(to: serving.control))
            var browsers: [Browser] = []
            for user in ["a", "b", "c"] {
                let browser = Browser(peer: try await Peer.connect(to: serving.http))
                try await browser.get("/c?user=\(user)")
                _ = try await browser.head()
                browsers.append(browser)
            }
            try await application.waitUntilPresent(3)
            let frames = (0..<10_000).map { number in
                let headers = number % 3 == 0 ? ["ttl: 0"] : number % 3 == 1 ? ["ack: browser"] : []
                return WebApplication.event11("\(number)", to: ["*, *, /c", "a, 0, /c"], "\(number)", headers)
            }
            application.peer.start(sending: ByteBuffer(string: frames.joined()))
            // In the midst of it.
            let first = try await application.reply()
            serving.program.send(signal: SIGTERM)
            let answers = try answers(first + (try await application.peer.takeAll()))
            #expect(Set(answers.map(\.id)).count == answers.count)
            #expect(Set(answers.map(\.id)) == Set((0..<answers.count).map { "\($0)" }))
            #expect(try await serving.program.ended().status == 0)
            var seen: [String: Int] = [:]
            for browser in browsers {
                let data = try await browser.rest().split(separator: /\r?\n/).filter { $0.hasPrefix("data: ") }
                for line in data { seen[String(line.dropFirst(6)), default: 0] += 1 }
            }
            for (id, reached) in answers where (Int(id) ?? 1) % 3 != 1 {
                #expect(seen[id, default: 0] == reached ?? 0, "\(id)")
            }
        }
    }
}
