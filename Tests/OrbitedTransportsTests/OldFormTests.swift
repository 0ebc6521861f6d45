import NIOCore
import OrbitedCore
import OrbitedTransports
import Testing

/// What the transports of 2007 and 2008 say beside their events.
@Suite("Beginnings, heartbeats and ends of the old transports")
struct OldFormTests {
    private let list = TransportList(iframeMaxBytes: 5, allowsRaw: true)

    private func transport(_ name: String, _ form: URLForm = .query) throws -> any Transport {
        list.all[try #require(list.number(of: name, in: form))]
    }

    private static let heartbeats: [(String, String?)] = [
        ("xhr_stream", "\r\n|O|\r\nping\r\n|O|\r\n"),
        ("xhr_multipart", "Content-type: application/json\r\nContent-length: 0\r\n\r\n\r\n--orbited--\r\n"),
        ("server_sent_events", "Event: ping\ndata: \\o/\n\n"), ("basic", "<i>Ping!</i><br>"),
        ("iframe_domain", "<script>p();</script>"), ("iframe_raw", nil), ("iframe_alert", nil), ("raw", nil),
        ("stream", nil),
    ]

    @Test("heartbeats are those of the specification", arguments: heartbeats)
    func breaksSilence(name: String, heartbeat: String?) throws {
        #expect(try transport(name).heartbeat == heartbeat.map { ByteBuffer(string: $0) })
    }

    private static let preambles = [
        ("xhr_stream", String(repeating: ".", count: 256) + "\r\n\r\n"), ("xhr_multipart", "--orbited--\r\n"),
        ("server_sent_events", ""), ("raw", ""), ("stream", ""), ("basic", ""),
    ]

    @Test("preambles are those of the specification", arguments: preambles)
    func begins(name: String, preamble: String) throws {
        #expect(try transport(name).preamble == ByteBuffer(string: preamble))
    }

    @Test("iframes that call no function begin like the iframe of the bar form", arguments: URLForm.allCases)
    func padding(form: URLForm) throws {
        for name in ["iframe_raw", "iframe_alert"] {
            #expect(try transport(name, form).preamble == transport("iframe", .bar).preamble)
        }
    }

    @Test("an iframe_domain sets its domain before all else, and is an iframe else", arguments: URLForm.allCases)
    func domain(form: URLForm) throws {
        let script =
            "<script>try{document.domain=location.hostname.split('.').slice(-2).join('.')}catch(error){}</script>"
        let preamble = String(buffer: try transport("iframe_domain", form).preamble)
        let place = try #require(preamble.firstRange(of: script))
        #expect(preamble.firstRange(of: "<script")?.lowerBound == place.lowerBound)
        #expect(ByteBuffer(string: preamble.replacing(script, with: "")) == (try transport("iframe", form).preamble))
        #expect(try transport("iframe_domain", form).heartbeat == transport("iframe", form).heartbeat)
    }

    @Test("only an iframe_domain has headers of its own, by which browsers let it set its domain")
    func headers() {
        for transport in list.all {
            let headers = transport.headers.map { "\($0.name): \($0.value)" }
            #expect(headers == (transport.name == "iframe_domain" ? ["Origin-Agent-Cluster: ?0"] : []))
        }
    }

    @Test("what browsers keep is bounded: frames load again, other responses just end")
    func bounds() {
        let reload = ByteBuffer(string: "<script>location.reload();</script>")
        for transport in list.all {
            let isFrame = transport.name.hasPrefix("iframe")
            let isKept = isFrame || ["xhr_stream", "raw", "stream", "basic"].contains(transport.name)
            #expect(transport.maxBytes == (isKept ? 5 : nil), "\(transport.name)")
            #expect(transport.recycling == (isFrame ? reload : nil), "\(transport.name)")
        }
    }

    @Test(
        "none of them can say why it ends",
        arguments: [.replaced, .switched, .timeout, .shutdown, .stalled] as [EndReason])
    func farewells(reason: EndReason) {
        for transport in list.all where !transport.hasCursors { #expect(transport.farewell(reason) == nil) }
    }

    @Test("only jsonp needs a callback, and only ws a WebSocket")
    func needs() {
        for transport in list.all {
            #expect(transport.needsCallback == (transport.name == "jsonp"))
            #expect((transport.carrier == .webSocket) == (transport.name == "ws"))
        }
    }
}
