import NIOCore
import OrbitedCore
import OrbitedTransports
import OrbitedWire
import Testing

/// What transports with cursors say beside their events.
@Suite("Positions, gaps and ends")
struct CursorFormTests {
    private let list = TransportList(allowsRaw: true)
    private let cursor = Cursor(epoch: 1, serial: 42)
    private var position: Mark { Mark(cursor: cursor, isGap: false) }
    private var gap: Mark { Mark(cursor: cursor, isGap: true) }

    private func transport(_ name: String) throws -> any Transport {
        list.all[try #require(list.number(of: name, in: .query))]
    }

    private static let positions = [
        ("sse", "retry: 1000\nid: 0000000001-2a\n\n", "id: 0000000001-2a\n\n"),
        ("ndjson", "{\"cursor\":\"0000000001-2a\"}\n", "{\"cursor\":\"0000000001-2a\"}\n"),
        ("ws", "{\"cursor\":\"0000000001-2a\"}", "{\"cursor\":\"0000000001-2a\"}"),
    ]

    @Test("a stream tells the position at its beginning, or later", arguments: positions)
    func tellsPosition(name: String, first: String, later: String) throws {
        #expect(try transport(name).preamble(at: position) == ByteBuffer(string: first))
        #expect(try transport(name).mark(position) == ByteBuffer(string: later))
    }

    private static let gaps = [
        ("sse", "retry: 1000\n\n", "event: gap\nid: 0000000001-2a\ndata: \n\n"),
        ("ndjson", "", "{\"cursor\":\"0000000001-2a\",\"gap\":true}\n"),
        ("ws", "", "{\"cursor\":\"0000000001-2a\",\"gap\":true}"),
    ]

    @Test("a stream tells a gap at its beginning, or in its place", arguments: gaps)
    func tellsGap(name: String, before: String, words: String) throws {
        #expect(try transport(name).preamble(at: gap) == ByteBuffer(string: before + words))
        #expect(try transport(name).mark(gap) == ByteBuffer(string: words))
    }

    @Test(
        "while the position is not known, a stream begins without it",
        arguments: [("sse", "retry: 1000\n\n"), ("ndjson", "{}\n"), ("ws", "")])
    func unknownPosition(name: String, first: String) throws {
        #expect(try transport(name).preamble == ByteBuffer(string: first))
    }

    @Test("a transport without cursors has no marks, and begins in the same way with one")
    func without() {
        for transport in list.all where !transport.hasCursors {
            #expect(transport.mark(position) == nil)
            #expect(transport.mark(gap) == nil)
            #expect(transport.preamble(at: gap) == transport.preamble)
        }
    }

    private static let reasons: [(EndReason, String?)] = [
        (.replaced, "{\"closed\":\"replaced\"}"), (.switched, "{\"closed\":\"replaced\"}"),
        (.shutdown, "{\"closed\":\"shutdown\"}"), (.timeout, nil), (.stalled, nil),
    ]

    @Test("a stream of objects tells why it ends", arguments: reasons)
    func streamEnds(reason: EndReason, words: String?) throws {
        #expect(try transport("ws").farewell(reason) == words.map { ByteBuffer(string: $0) })
        #expect(try transport("ndjson").farewell(reason) == words.map { ByteBuffer(string: $0 + "\n") })
    }

    @Test("a batch tells why it ends, or nothing", arguments: reasons)
    func batchEnds(reason: EndReason, words: String?) throws {
        let object = words ?? "{}"
        for mark in [nil, position] {
            let poll = try transport("poll").response(ending: reason, mark: mark, callback: nil)
            #expect(poll == ByteBuffer(string: object))
            let script = try transport("jsonp").response(ending: reason, mark: mark, callback: "a.b")
            #expect(script == ByteBuffer(string: "/**/a.b(\(object));\n"))
        }
    }

    private static let batches: [([String], Bool, String)] = [
        ([], false, "{\"cursor\":\"0000000001-2a\",\"events\":[]}"),
        (["1"], false, "{\"cursor\":\"0000000001-2a\",\"events\":[1]}"),
        (["1", "\"<\"", "x"], false, "{\"cursor\":\"0000000001-2a\",\"events\":[1,\"\\u003c\",\"x\"]}"),
        ([], true, "{\"cursor\":\"0000000001-2a\",\"gap\":true,\"events\":[]}"),
        (["{}"], true, "{\"cursor\":\"0000000001-2a\",\"gap\":true,\"events\":[{}]}"),
    ]

    @Test("a batch holds its events in order, one cursor, and perhaps a gap", arguments: batches)
    func holdsEvents(bodies: [String], isGap: Bool, object: String) throws {
        for (name, expected) in [("poll", object), ("jsonp", "/**/f(\(object));\n")] {
            let transport = try transport(name)
            let parts = bodies.map { body in
                var part = ByteBuffer()
                transport.write(ByteBuffer(string: body), cursor: cursor, into: &part)
                return part
            }
            let response = transport.response(parts, mark: Mark(cursor: cursor, isGap: isGap), callback: "f")
            #expect(response == ByteBuffer(string: expected))
        }
    }
}
