import NIOCore
import OrbitedServer
import Testing

extension EndToEnd {
    @Suite("The control wire over sockets")
    struct ControlTests {
        static func fault(_ id: String?, _ message: String, _ code: String) -> String {
            "Failure\r\n" + (id.map { "id: \($0)\r\n" } ?? "") + "msg: \(message)\r\ncode: \(code)\r\n\r\n"
        }

        /// What a new connection answers to some text, up to its end.
        static func answers(
            to text: String, loops: Int = 2, _ change: (inout Configuration) -> Void = { _ in }
        ) async throws -> String {
            try await TestServer.run(loops: loops, change) { server in
                let peer = try await Peer.connect(to: server.control)
                peer.start(sending: ByteBuffer(string: text))
                try await peer.closeOutput()
                return try await peer.takeAll()
            }
        }

        @Test("a frame may come byte by byte")
        func dripping() async throws {
            try await TestServer.run { server in
                let browser = try await Browser.stream("/chat?user=michael", from: server)
                let application = try await WebApplication.connect(to: server)
                for byte in WebApplication.frame("7", to: ["michael, 0, /chat"], "\"Hello\"").utf8 {
                    try await application.peer.send(ByteBuffer(bytes: [byte]))
                }
                #expect(try await application.reply() == WebApplication.success("7"))
                #expect(try await browser.event() == "data: \"Hello\"\n\n")
            }
        }

        @Test("each of many frames that were sent at once has its reply", arguments: [1, 2])
        func pipelining(loops: Int) async throws {
            try await TestServer.run(loops: loops) { server in
                let browser = try await Browser.stream("/chat?user=michael", from: server)
                let application = try await WebApplication.connect(to: server)
                let keys = [
                    ["michael, 0, /chat"], ["jacob, 0, /chat"], [], ["michael, 0, /chat", "michael, 0, /chat"],
                ]
                try await application.peer.send(
                    (0..<200).map { WebApplication.frame("\($0)", to: keys[$0 % 4], "\($0)") }.joined())
                var replies: Set<String> = []
                for _ in 0..<200 { replies.insert(try await application.reply()) }
                #expect(
                    replies
                        == Set(
                            (0..<200).map {
                                $0 % 4 == 1 ? WebApplication.failure("\($0)", keys[1]) : WebApplication.success("\($0)")
                            }))
                for number in 0..<200 where number % 4 == 0 || number % 4 == 3 {
                    #expect(try await browser.event() == "data: \(number)\n\n")
                }
            }
        }

        @Test("recipients that are not there are named in the event's order")
        func unreached() async throws {
            try await TestServer.run { server in
                _ = try await Browser.stream("/chat?user=b", from: server)
                let application = try await WebApplication.connect(to: server)
                try await application.send("1", to: ["c, 0, /chat", "b, 0, /chat", "a, 0, /chat", "c, 0, /chat"], "{}")
                #expect(try await application.reply() == WebApplication.failure("1", ["c, 0, /chat", "a, 0, /chat"]))
            }
        }

        @Test("a peer that does not speak Orbit is told at its first wrong byte, though it sends much")
        func garbage() async throws {
            try await TestServer.run { server in
                let peer = try await Peer.connect(to: server.control)
                try await peer.send(String(repeating: "x", count: 1000))
                #expect(
                    try await peer.takeAll()
                        == Self.fault(nil, "The frame does not begin with Orbit", "101 bad_version"))
                let browser = try await Peer.connect(to: server.control)
                try await browser.send("G")
                #expect(
                    try await browser.takeAll()
                        == Self.fault(nil, "The frame does not begin with Orbit", "101 bad_version"))
            }
        }

        @Test(
            "a length that is no length closes, behind the replies to what came before",
            arguments: [
                "-1", "9007199254740992", "99999999999999999999999999", "1e3", "0x10", "", "+1",
            ])
        func badLength(length: String) async throws {
            let text =
                WebApplication.frame("1", to: [], "") + "Orbit 1.0\r\nEvent\r\nid: 2\r\nlength: \(length)\r\n\r\n"
                + WebApplication.frame("3", to: [], "")
            let answers = try await Self.answers(to: text)
            #expect(
                answers == WebApplication.success("1")
                    + Self.fault("2", "The length is not a whole number from 0 to 9007199254740991", "108 bad_length"))
        }

        @Test(
            "a malformed frame is answered, and the next one is taken",
            arguments: [
                ("Event\r\nlength: 2\r\n\r\n{}", nil, "The frame has no id", "104 missing_id"),
                (
                    "Event\r\nid: x\r\nrecipient: a, b\r\nlength: 2\r\n\r\n{}", "x",
                    "A recipient is not of the form user, session, /location", "106 bad_key"
                ),
                ("Evict\r\nid: x\r\nlength: 2\r\n\r\n{}", "x", "The action is not Event", "102 bad_action"),
                (
                    "Event\r\nid: x\r\nlength: 11\r\n\r\n12345678901", "x", "The body is longer than 10 bytes",
                    "204 body_too_large"
                ),
                (
                    "Event\r\nid: x\r\na: b\r\nc: d\r\nlength: 2\r\n\r\n{}", "x",
                    "The frame has more than 3 headers besides its recipients", "202 too_many_headers"
                ),
                (
                    "Event\r\nid: x\r\nrecipient: a, b, /c\r\nrecipient: a, b, /c\r\nlength: 2\r\n\r\n{}", "x",
                    "The frame has more than 1 recipients", "203 too_many_recipients"
                ),
                (
                    "Event\r\nid: x\r\n12345678901234567890123456789012345678901: 2\r\nlength: 2\r\n\r\n{}", "x",
                    "A line is longer than 40 bytes", "201 line_too_long"
                ),
                ("Event\r\nid: x\r\n\r\n", "x", "The frame has no length", "107 missing_length"),
            ] as [(String, String?, String, String)])
        func malformed(rest: String, id: String?, message: String, code: String) async throws {
            let text = "Orbit 1.0\r\n\(rest)" + WebApplication.frame("good", to: [], "1234567890")
            let answers = try await Self.answers(to: text) {
                $0.control.maxBody = 10
                $0.control.maxHeaders = 3
                $0.control.maxRecipients = 1
                $0.control.maxLine = 40
            }
            #expect(answers == Self.fault(id, message, code) + WebApplication.success("good"))
        }

        @Test("an application that has shut its side gets all its replies, also late ones", arguments: [1, 2])
        func halfClose(loops: Int) async throws {
            try await TestServer.run(loops: loops) {
                $0.session.timeout = .milliseconds(100)
            } _: { server in
                let browser = try await Browser.connect(to: server)
                try await browser.get("/c|m,0,xhr")
                let application = try await WebApplication.connect(to: server)
                try await application.waitUntilReached(["m, 0, /c"], "{}")
                // Its browser is away now: the receipt has to wait for the grace's end.
                application.peer.start(
                    sending: ByteBuffer(
                        string: WebApplication.frame("1", to: ["m, 0, /c"], "{}")
                            + WebApplication.frame("2", to: [], "{}")
                            + "Orbit 1.0\r\nEvent\r\nid: 3\r\n"))
                try await application.peer.closeOutput()
                let replies = [try await application.reply(), try await application.reply()]
                #expect(Set(replies) == [WebApplication.success("2"), WebApplication.failure("1", ["m, 0, /c"])])
                #expect(try await application.peer.takeAll() == "")
            }
        }

        @Test("an application that has shut its side and reads slowly gets all its replies")
        func slowHalfClose() async throws {
            try await TestServer.run { server in
                let peer = try await Peer.connect(to: server.control, receiveBuffer: 4096)
                let count = 20_000
                let names = (0..<count).map { "\($0)-" + String(repeating: "x", count: 200) }
                peer.start(sending: ByteBuffer(string: names.map { WebApplication.frame($0, to: [], "") }.joined()))
                try await peer.closeOutput()
                try await peer.setReading(true)
                let (replies, expected) = (try await peer.takeAll(), names.map { WebApplication.success($0) }.joined())
                #expect(replies.utf8.count == expected.utf8.count)
                #expect(replies == expected)
            }
        }

        @Test("a frame that is not finished in time gets 401 and the end")
        func frameTimeout() async throws {
            try await TestServer.run {
                $0.control.frameTimeout = .milliseconds(50)
            } _: { server in
                let peer = try await Peer.connect(to: server.control)
                try await peer.send(
                    WebApplication.frame("1", to: [], "") + "Orbit 1.0\r\nEvent\r\nid: 2\r\nlength: 5\r\n\r\n123")
                #expect(
                    try await peer.takeAll() == WebApplication.success("1")
                        + Self.fault("2", "The frame was not finished within 1 seconds", "401 frame_timeout"))
            }
        }

        @Test("a late frame that has had its failure is closed without another one")
        func frameTimeoutAfterFailure() async throws {
            try await TestServer.run {
                $0.control.frameTimeout = .milliseconds(50)
                $0.control.maxBody = 10
            } _: { server in
                let peer = try await Peer.connect(to: server.control)
                try await peer.send("Orbit 1.0\r\nEvent\r\nid: 2\r\nlength: 50\r\n\r\n123")
                #expect(
                    try await peer.takeAll()
                        == Self.fault("2", "The body is longer than 10 bytes", "204 body_too_large"))
            }
        }

        @Test("a connection between frames is left alone")
        func idleConnection() async throws {
            try await TestServer.run {
                $0.control.frameTimeout = .milliseconds(20)
                $0.transport.heartbeat = .milliseconds(50)
            } _: { server in
                let browser = try await Browser.stream("/c?user=m", from: server)
                let application = try await WebApplication.connect(to: server)
                try await application.deliver("1", to: ["m, 0, /c"], "{}")
                _ = try await browser.chunk()
                for _ in 1...4 { #expect(try await browser.chunk() == ":\n\n") }
                try await application.deliver("2", to: ["m, 0, /c"], "{}")
            }
        }

        @Test("time in which the server does not read is not the frame's")
        func frameTimeoutWhilePaused() async throws {
            try await TestServer.run {
                $0.control.frameTimeout = .milliseconds(100)
                $0.control.maxInFlight = 1
                $0.session.timeout = .milliseconds(400)
            } _: { server in
                let browser = try await Browser.connect(to: server)
                try await browser.get("/c|m,0,xhr")
                let application = try await WebApplication.connect(to: server)
                try await application.waitUntilReached(["m, 0, /c"], "{}")
                try await application.peer.send(
                    WebApplication.frame("1", to: ["m, 0, /c"], "{}") + WebApplication.frame("2", to: [], "{}")
                        + "Orbit 1.0\r\nEvent\r\nid: 3\r\n")
                #expect(try await application.reply() == WebApplication.failure("1", ["m, 0, /c"]))
                #expect(try await application.reply() == WebApplication.success("2"))
                try await application.peer.send("length: 0\r\n\r\n")
                #expect(try await application.reply() == WebApplication.success("3"))
            }
        }

        @Test("one control connection too many gets 403")
        func tooManyConnections() async throws {
            try await TestServer.run {
                $0.control.maxConnections = 1
            } _: { server in
                let application = try await WebApplication.connect(to: server)
                try await application.deliver("1", to: [], "")
                let second = try await Peer.connect(to: server.control)
                #expect(
                    try await second.takeAll()
                        == Self.fault(nil, "There are already 1 control connections", "403 too_many_connections"))
                try await application.deliver("2", to: [], "")
            }
        }

        @Test("small bounds on what is in flight slow down, and lose nothing", arguments: [1, 2], [true, false])
        func backPressure(loops: Int, countsBytes: Bool) async throws {
            try await TestServer.run(loops: loops) {
                if countsBytes { $0.control.maxInFlightBytes = 1 } else { $0.control.maxInFlight = 1 }
            } _: { server in
                let browsers = [
                    try await Browser.stream("/c?user=a", from: server),
                    try await Browser.stream("/c?user=b", from: server),
                    try await Browser.stream("/c?user=c", from: server),
                ]
                let keys = ["a, 0, /c", "b, 0, /c", "c, 0, /c"]
                let application = try await WebApplication.connect(to: server)
                let count = 300
                try await application.peer.send(
                    (0..<count).map { WebApplication.frame("\($0)", to: $0 % 7 == 0 ? [keys[$0 % 3]] : keys, "\($0)") }
                        .joined())
                for number in 0..<count {
                    #expect(try await application.reply() == WebApplication.success("\(number)"))
                }
                for (index, browser) in browsers.enumerated() {
                    for number in 0..<count where number % 7 != 0 || number % 3 == index {
                        #expect(try await browser.event() == "data: \(number)\n\n")
                    }
                }
            }
        }

        @Test("an application that does not read its replies is not read either, and loses none")
        func unreadReplies() async throws {
            try await TestServer.run { server in
                let peer = try await Peer.connect(to: server.control, receiveBuffer: 4096)
                let names = (0..<20_000).map { "\($0)-" + String(repeating: "x", count: 200) }
                peer.start(sending: ByteBuffer(string: names.map { WebApplication.frame($0, to: [], "") }.joined()))
                try await peer.setReading(true)
                let expected = names.map { WebApplication.success($0) }.joined()
                let replies = String(buffer: try await peer.take(count: expected.utf8.count))
                #expect(replies == expected)
            }
        }
    }
}
