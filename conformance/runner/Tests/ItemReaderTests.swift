import Testing

@testable import OrbitedConformance

@Suite("The items of a transport")
struct ItemReaderTests {
    private static let dots = String(repeating: ".", count: 256) + "\r\n\r\n"

    private func items(_ transport: String, _ text: String) throws -> [Result<[String], any Error>] {
        let transport = try #require(Transport(transport))
        return outcomes(Array(text.utf8)) {
            var reader = transport.reader
            var body: ArraySlice<UInt8> = []
            return { piece, isLast in
                body += piece
                var items: [String] = []
                while let item = try reader?.next(&body, isComplete: isLast) { items.append(item.text) }
                return items
            }
        }
    }

    @Test(
        "are read however its body is cut",
        arguments: [
            ("sse", "retry: 1000\nid: a-1\n\n", [#"{"position":"a-1"}"#]),
            ("sse", "retry: 1000\n\n:\n\nid: a\n\n", [#"{"heartbeat":true}"#, #"{"position":"a"}"#]),
            (
                "sse",
                "retry: 1000\n\nevent: gap\nid: g\ndata: \n\nid: b\ndata: {\"n\":\ndata: 1}\n\nid: c\ndata: \ndata: a\ndata: \n\n",
                [#"{"cursor":"g","gap":true}"#, #"{"cursor":"b","event":{"n":1}}"#, #"{"cursor":"c","event":"\na\n"}"#]
            ),
            (
                "sse", "retry: 1000\nid: a\n\nevent: replaced\ndata: \n\n",
                [#"{"position":"a"}"#, #"{"closed":"replaced"}"#]
            ),
            (
                "sse", "retry: 1000\nid: a\n\nevent: closed\ndata: go away\n\n",
                [#"{"position":"a"}"#, #"{"closed":"closed","reason":"go away"}"#]
            ),
            (
                "ndjson",
                "{}\n{\"cursor\":\"a\"}\n{\"cursor\":\"b\",\"data\":[1 ]}\n{\"cursor\":\"c\",\"gap\":true}\n{\"closed\":\"shutdown\"}\n",
                [
                    #"{"heartbeat":true}"#, #"{"position":"a"}"#, #"{"cursor":"b","event":[1]}"#,
                    #"{"cursor":"c","gap":true}"#, #"{"closed":"shutdown"}"#,
                ]
            ),
            (
                "ndjson", "{\"cursor\":\"a\",\"gap\":true}\n{\"closed\":\"closed\",\"reason\":\"x\\\"y\"}\n",
                [#"{"cursor":"a","gap":true}"#, #"{"closed":"closed","reason":"x\"y"}"#]
            ),
            ("sse", "retry: 1000\nid: a\n\nretry: 6000\n\n", [#"{"position":"a"}"#]),
            ("poll", #"{"cursor":"a","events":[]}"#, [#"{"position":"a"}"#]),
            ("poll", #"{"cursor":"a","events":[1,"b"]}"#, [#"{"event":1}"#, #"{"cursor":"a","event":"b"}"#]),
            ("poll", #"{"cursor":"a","gap":true,"events":[]}"#, [#"{"cursor":"a","gap":true}"#]),
            ("poll", #"{"cursor":"a","gap":true,"events":[1]}"#, [#"{"gap":true}"#, #"{"cursor":"a","event":1}"#]),
            ("poll", #"{"closed":"replaced"}"#, [#"{"closed":"replaced"}"#]),
            ("jsonp", "/**/take({\"cursor\":\"a\",\"events\":[1]});\n", [#"{"cursor":"a","event":1}"#]),
            ("xhr", "", []), ("xhr", "[1]", [#"{"event":[1]}"#]), ("xhr", "a\n", [#"{"event":"a\n"}"#]),
            (
                "xhr_stream", dots + "\"a\"\r\n|O|\r\n\r\n|O|\r\nping\r\n|O|\r\nb\r\n|O|\r\n",
                [#"{"event":"a"}"#, #"{"heartbeat":true}"#, #"{"event":"b"}"#]
            ),
        ])
    func reads(transport: String, body: String, expected: [String]) throws {
        for items in try items(transport, body) { #expect(try items.get() == expected) }
    }

    @Test(
        "are not taken from what its page forbids",
        arguments: [
            ("sse", "id: a\n\n"), ("sse", "retry: 1000\r\n\n"), ("sse", "retry: 1000\nid: \n\n"),
            ("sse", "retry: 1000\nid: a\ndata: 1\n\n"), ("sse", "retry: 1000\n\nid: b\ndata: 1\n\n"),
            ("sse", "retry: 1000\nid: a\n\nid: b\ndata:1\n\n"), ("sse", "retry: 1000\nid: a\n\nid: b\ndata: 1\r\n\n"),
            ("sse", "retry: 1000\nid: a\n\ndata: 1\n\n"),
            ("sse", "retry: 1000\nid: a\n\nevent: gap\ndata: \nid: a\n\n"),
            ("sse", "retry: 1000\nid: a\n\nretry: 999\n\n"), ("sse", "retry: 1000\nid: a\n\nretry: 01000\n\n"),
            ("sse", "retry: 1000\nid: a\n\nretry: 6001\n\n"), ("sse", "retry: 1000\nid: a\n\nretry: 1000\n\n:\n\n"),
            ("sse", "retry: 1000\nid: a\n\n: \n\n"), ("sse", "retry: 1000\nid: a\n\nid: b\ndata: 1\n"),
            ("sse", "retry: 1000\nid: a\n\nevent: replaced\ndata: \n\n:\n\n"), ("sse", "retry: 1000\nid: a\n\n\n"),
            ("ndjson", "{\"cursor\":\"a\"}"), ("ndjson", "{\"cursor\":\"a\"}\r\n"), ("ndjson", "{ }\n"),
            ("ndjson", "\n"),
            ("ndjson", "{\"cursor\":\"a\",\"data\":1}\n"),
            ("ndjson", "{\"cursor\":\"a\"}\n{\"data\":1,\"cursor\":\"b\"}\n"),
            ("ndjson", "{\"cursor\":\"a\"}\n{\"cursor\":\"b\",\"data\":x}\n"), ("ndjson", "{\"cursor\":\"a b\"}\n"),
            ("ndjson", "{\"cursor\":\"a\"}\n{\"cursor\":\"b\",\"data\":\"<\"}\n"),
            ("ndjson", "{\"cursor\":\"a\"}\n{\"closed\":\"x\"}\n"),
            ("ndjson", "{\"cursor\":\"a\"}\n{\"cursor\":\"b\",\"data\":\"\u{85}\"}\n"),
            ("ndjson", "{\"closed\":\"replaced\"}\n{}\n"),
            ("poll", "{\"cursor\":\"a\",\"events\":[]}\n"), ("poll", #"{"events":[],"cursor":"a"}"#), ("poll", ""),
            ("poll", #"{"cursor":"a","events":[],"gap":true}"#), ("poll", #"{"cursor":"a"}"#),
            ("poll", #"{"cursor":"a","events":[1,]}"#),
            ("jsonp", #"take({"cursor":"a","events":[1]});"#),
            ("jsonp", "/**/other({\"cursor\":\"a\",\"events\":[1]});\n"),
            ("xhr_stream", "...\r\n\r\n"), ("xhr_stream", dots + "ping\r\n|O|\r\n"), ("xhr_stream", dots + "a"),
            ("xhr_stream", dots + "\r\n|O|\r\na\r\n|O|\r\n"), ("xhr_stream", dots + "\r\n|O|\r\n"),
        ])
    func refuses(transport: String, body: String) throws {
        for items in try items(transport, body) { #expect(throws: Violation.self) { try items.get() } }
    }
}

@Suite("The items of a WebSocket")
struct WebSocketReaderTests {
    private func items(_ arrivals: [WebSocket.Arrival]) throws -> [String] {
        var reader = WebSocketReader()
        var rest = arrivals
        var items: [String] = []
        while let item = try reader.next(&rest) { items.append(item.text) }
        return items
    }

    private func text(_ text: String) -> WebSocket.Arrival { .text(Array(text.utf8)) }

    @Test("are positions, events, heartbeats, pongs, and one end")
    func reads() throws {
        let items = try items([
            .ping([]), text("{}"), text(#"{"cursor":"a"}"#), text(#"{"cursor":"b","data":1}"#), .pong(Array("p".utf8)),
            text(#"{"closed":"closed","reason":"r"}"#), .close(code: 4002, reason: "closed", isAnswer: false),
        ])
        #expect(
            items == [
                #"{"heartbeat":true}"#, #"{"position":"a"}"#, #"{"cursor":"b","event":1}"#, #"{"pong":"p"}"#,
                #"{"closed":"closed","code":4002,"reason":"r"}"#,
            ])
    }

    @Test("are ends of all kinds")
    func ends() throws {
        #expect(
            try items([.close(code: 1008, reason: "bad message", isAnswer: false)]) == [
                #"{"closed":"bad message","code":1008}"#
            ])
        #expect(try items([.close(code: nil, reason: "", isAnswer: true)]) == [#"{"closed":""}"#])
        #expect(try items([.close(code: 1001, reason: "", isAnswer: true)]) == [#"{"closed":"","code":1001}"#])
    }

    @Test("are not taken from what its page forbids")
    func refuses() {
        let faults: [[WebSocket.Arrival]] = [
            [text("{}")], [.ping([]), .close(code: 1000, reason: "", isAnswer: false)], [.ping([1])],
            [.close(code: 4001, reason: "replaced", isAnswer: false)], [text(#"{"cursor":"a","data":1}"#)],
            [text(#"{"closed":"replaced"}"#), .close(code: 1001, reason: "shutdown", isAnswer: false)],
            [text(#"{"closed":"replaced"}"#), .close(code: 1008, reason: "", isAnswer: false)], [text("x")],
            [.violation(Violation("x"))],
        ]
        for fault in faults { #expect(throws: Violation.self) { try items(fault) } }
    }
}

@Suite("Frames of a WebSocket")
struct WebSocketFrameTests {
    private func frames(_ bytes: [UInt8]) -> [Result<[WebSocketFrame], any Error>] {
        outcomes(bytes) {
            var rest: ArraySlice<UInt8> = []
            return { piece, _ in
                rest += piece
                var frames: [WebSocketFrame] = []
                while let frame = try WebSocketFrame(readingFrom: &rest) { frames.append(frame) }
                return frames
            }
        }
    }

    @Test("of the server are read however they are cut")
    func reads() throws {
        let long = Array(repeating: UInt8(ascii: "x"), count: 300)
        let bytes = [0x81, 2, 0x68, 0x69, 0x89, 0, 0x88, 2, 0x0F, 0xA1, 0x81, 126, 1, 44] + long
        for frames in frames(bytes) {
            #expect(
                try frames.get() == [
                    WebSocketFrame(.text, Array("hi".utf8)), WebSocketFrame(.ping), .close(4001),
                    WebSocketFrame(.text, long),
                ])
        }
        #expect(try WebSocketFrame.close(4001, "replaced").codeAndReason() == (4001, "replaced"))
    }

    @Test(
        "of the server that are malformed are told",
        arguments: [
            [0xC1, 0], [0x01, 0], [0x82, 0], [0x80, 0], [0x81, 0x80, 0, 0, 0, 0], [0x81, 126, 0, 125],
            [0x89, 126, 0, 126],
            [0x81, 127, 0, 0, 0, 0, 0, 0, 255, 255], [0x81, 127, 255, 0, 0, 0, 0, 0, 0, 0],
        ] as [[UInt8]])
    func malformed(bytes: [UInt8]) {
        for frames in frames(bytes) { #expect(throws: Violation.self) { try frames.get() } }
    }

    @Test(
        "of the browser have a mask",
        arguments: [(5, [0x81, 0x85]), (126, [0x81, 0xFE, 0, 126]), (65_536, [0x81, 0xFF, 0, 0, 0, 0, 0, 1, 0, 0])])
    func writes(count: Int, head: [UInt8]) {
        let bytes = WebSocketFrame(.text, Array(repeating: 0, count: count)).bytes(mask: [1, 2, 3, 4])
        #expect(bytes.starts(with: head + [1, 2, 3, 4, 1, 2, 3, 4]))
        #expect(bytes.count == head.count + 4 + count)
    }

    @Test(
        "of the suite as a server have none",
        arguments: [(125, [0x81, 125]), (126, [0x81, 126, 0, 126]), (65_536, [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0])])
    func writesUnmasked(count: Int, head: [UInt8]) {
        let bytes = WebSocketFrame(.text, Array(repeating: 7, count: count)).bytes(mask: nil)
        #expect(bytes == head + Array(repeating: 7, count: count))
    }
}
