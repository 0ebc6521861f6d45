import NIOCore
import OrbitedCore
import OrbitedTransports
import OrbitedTesting
import Testing

@Suite("The list of transports")
struct TransportListTests {
    /// What this target has of `protocol/registry.json`.
    private struct Registry: Decodable {
        let transports: [Transport]
        let limits: [Limit]

        struct Transport: Decodable {
            let name: String
            let contentType: String?
            let kind: Kind
            let cursors: Bool
            let raw: Bool
        }

        enum Kind: String, Decodable { case stream, poll, batch }

        struct Limit: Decodable {
            let name: String
            let value: Int
        }

        static func load() throws -> Registry { try Repository.read(Registry.self, from: "protocol/registry.json") }
    }

    private let list = TransportList(allowsRaw: true)

    private func transport(_ name: String, _ form: URLForm) throws -> any OrbitedTransports.Transport {
        list.all[try #require(list.number(of: name, in: form))]
    }

    @Test("the registry has our transports, in our order")
    func names() throws {
        #expect(try Registry.load().transports.map(\.name) == list.names)
    }

    @Test("each transport is as the registry says, in both forms of URL", arguments: URLForm.allCases)
    func registered(form: URLForm) throws {
        for entry in try Registry.load().transports {
            let transport = try transport(entry.name, form)
            #expect(transport.name == entry.name)
            #expect((transport.carrier == .webSocket) == (entry.contentType == nil))
            if let type = entry.contentType { #expect(transport.contentType == type) }
            #expect(transport.hasCursors == entry.cursors)
            let kind: OutletKind =
                switch entry.kind {
                case .stream: .stream
                case .poll: .poll
                case .batch: .batch
                }
            #expect(transport.kind == kind)
        }
    }

    @Test("raw transports are not in the list by default, but their names are known", arguments: URLForm.allCases)
    func raw(form: URLForm) throws {
        let usual = TransportList()
        for entry in try Registry.load().transports {
            #expect((usual.number(of: entry.name, in: form) == nil) == entry.raw, "\(entry.name)")
            #expect(usual.isOff(entry.name) == entry.raw, "\(entry.name)")
            #expect(usual.names.contains(entry.name) == !entry.raw, "\(entry.name)")
            #expect(!list.isOff(entry.name), "\(entry.name)")
        }
        #expect(!usual.isOff("nonsense"))
    }

    @Test("names are found as they are written and not otherwise", arguments: ["", "SSE", "sse ", "events", "ws\0"])
    func unknown(name: String) {
        for form in URLForm.allCases { #expect(list.number(of: name, in: form) == nil) }
    }

    @Test("an iframe is reloaded after the bytes that the registry says, the others never")
    func recycling() throws {
        let limit = try Registry.load().limits.first { $0.name == "iframe.max_bytes" }?.value
        for form in URLForm.allCases {
            let iframe = try transport("iframe", form)
            #expect(iframe.maxBytes == limit)
            #expect(iframe.recycling == ByteBuffer(string: "<script>location.reload();</script>"))
        }
        for name in ["xhr", "sse"] { #expect(try transport(name, .query).maxBytes == nil) }
        #expect(TransportList(iframeMaxBytes: 5).all[0].maxBytes == 5)
    }

    @Test("heartbeats are those of the specification")
    func heartbeats() throws {
        #expect(try transport("iframe", .bar).heartbeat == nil)
        #expect(try transport("iframe", .query).heartbeat == ByteBuffer(string: "<script>p();</script>"))
        #expect(try transport("xhr", .query).heartbeat == nil)
        #expect(try transport("sse", .query).heartbeat == ByteBuffer(string: ":\n\n"))
    }

    @Test("sse begins with its retry, and xhr with nothing")
    func preambles() throws {
        #expect(try transport("sse", .query).preamble == ByteBuffer(string: "retry: 1000\n\n"))
        #expect(try transport("xhr", .query).preamble.readableBytes == 0)
    }

    @Test(
        "the padding of an iframe begins with a comment, and has at least 2,048 bytes that nobody sees",
        arguments: URLForm.allCases)
    func padding(form: URLForm) throws {
        let preamble = String(buffer: try transport("iframe", form).preamble)
        let start = try #require(preamble.firstRange(of: "<!-- "))
        let padding = preamble[start.lowerBound...]
        #expect(padding.utf8.count >= 2_048)
        let end = try #require(padding.firstRange(of: "-->"))
        let rest = padding[end.upperBound...].replacing("<span></span>", with: "")
        #expect(rest.allSatisfy { $0.isWhitespace })
        let before = String(preamble[..<start.lowerBound])
        switch form {
        case .bar: #expect(before.isEmpty)
        case .query: #expect(before.contains("<script src=\"/_/iframe.js\"></script>"))
        }
    }

    static let reasons: [EndReason] = [.replaced, .switched, .timeout, .shutdown, .stalled]

    @Test("an EventSource is told when another connection takes over, and nothing when it was lost", arguments: reasons)
    func farewell(reason: EndReason) throws {
        let isTakenOver = reason == .replaced || reason == .switched
        let expected = isTakenOver ? ByteBuffer(string: "event: replaced\ndata: \n\n") : nil
        if reason != .shutdown { #expect(try transport("sse", .query).farewell(reason) == expected) }
        #expect(try transport("iframe", .query).farewell(reason) == nil)
        #expect(try transport("iframe", .bar).farewell(reason) == nil)
        #expect(try transport("xhr", .query).farewell(reason) == nil)
    }

    @Test("each EventSource is told another time to come back after a shutdown [SSE-22]")
    func comeback() throws {
        let sse = try transport("sse", .query)
        let times = try (0..<1_000).map { _ in
            let words = String(buffer: try #require(sse.farewell(.shutdown)))
            #expect(words.hasPrefix("retry: ") && words.hasSuffix("\n\n"))
            return try #require(Int(words.dropFirst("retry: ".count).dropLast(2)))
        }
        #expect(times.allSatisfy { (1_000...6_000).contains($0) })
        // Of a thousand from five thousand about 180 are one of the others, and a fifth falls into each second.
        #expect(Set(times).count > 700)
        for second in 1..<6 { #expect(times.count { $0 / 1_000 == second } > 100) }
    }
}
