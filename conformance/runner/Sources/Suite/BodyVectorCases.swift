/// The vectors of `bodies` as cases: one for each vector, transport and form of URL.
///
/// What is compared is an event between two others of which all bytes are known, or the whole response of a poll. A
/// browser on `sse` makes the session first, so that no event is sent before there is one. Where an event has a cursor,
/// the browser is told it there, and the transport that is tested sends the event again [BRW-96].
struct BodyVectorCases {
    /// What the vectors have where a cursor stands, and the function that `jsonp` calls in them.
    private static let cursor = Array("0000000001-2a".utf8)
    private static let callback = "got"
    private static let cursors: Set<String> = ["sse", "ws", "ndjson", "poll", "jsonp"]

    private let vectors: [Vector]
    private let registry: Registry
    /// A vector whose bytes are plain on each transport: its event stands before and behind the others.
    private let mark: Vector?

    init(_ vectors: [Vector], transports registry: Registry) {
        self.vectors = vectors
        self.registry = registry
        mark = vectors.first { $0.value["body"]?["text"]?.string?.wholeMatch(of: /"[A-Za-z]+"/) != nil }
    }

    /// - Throws: ``UsageError`` if a vector is not of its form.
    func made() throws -> [Case] {
        guard let mark else {
            guard let first = vectors.first else { return [] }
            throw first.fault("no vector in its folder has a string of letters as its body, to stand beside others")
        }
        return try vectors.flatMap { vector in
            try (vector.value["expect"]?.object ?? [:]).keys.sorted().map { form in
                try Form(vector: vector, mark: mark, name: form, registry: registry).makeCase()
            }
        }
    }

    /// One vector on one transport, in one form of URL.
    private struct Form {
        let vector: Vector
        let mark: Vector
        /// As vectors name it: the transport, with `-bar` or `-query` if it differs in the two.
        let name: String
        let registry: Registry

        var transport: String { String(name.prefix { $0 != "-" }) }
        var isBar: Bool { name.hasSuffix("-bar") }

        /// What a server needs for the scene besides the transport.
        private var more: [String] {
            (BodyVectorCases.cursors.contains(transport) ? ["cursors"] : []) + (isBar ? ["bar-form"] : [])
        }

        func makeCase() throws -> Case {
            guard registry.contentTypes[transport] != nil else {
                throw vector.fault("the registry has no transport \(transport)")
            }
            let steps =
                if transport == "xhr" {
                    try held
                } else if BodyVectorCases.cursors.contains(transport) {
                    try sentAgain
                } else {
                    try streamed
                }
            let page = "transports/\(transport).md"
            let requirements = vector.requirements.filter { id in
                vector.specification[id].map { $0.page == page || !$0.page.hasPrefix("transports/") } ?? true
            }
            return vector.makeCase(
                "/\(name)", features: ["orbit-1.0"] + Set(["sse", transport]).sorted() + more,
                settings: registry.rawTransports.contains(transport) ? ["raw": "1"] : [:],
                requirements: requirements.isEmpty ? nil : requirements, cut: false, steps: steps)
        }

        // MARK: - Requests

        func request(_ fields: String = "", headers: [JSONValue] = []) -> Step {
            let target =
                isBar
                ? "/${user}%7C${user},0,\(transport)" : "/${user}?user=${user}&transport=\(transport)\(fields)"
            var members: [String: JSONValue] = ["target": .string(target)]
            if !headers.isEmpty { members["headers"] = .array(headers) }
            return Step(.request, "page", members)
        }

        var head: Step {
            EventScene.head("page", status: 200, contentType: registry.contentTypes[transport] ?? nil)
        }

        static let begin = [
            Step(.browse, "first", ["transport": "sse"]),
            Step(.expect, "first", ["item": ["position": ["save": "start"]]]),
            EventScene.openApplication,
        ]

        private static let replacement: JSONValue = ["closed": "replaced"]
        private static let end: JSONValue = ["end": true]
        static let replaced = Step(.expect, "first", ["items": .array([replacement, end])])

        // MARK: - Bytes

        func body(of vector: Vector) throws -> JSONValue {
            guard let body = vector.value["body"] else { throw vector.fault("it has no body") }
            return try vector.bytes(of: body)
        }

        /// The bytes of the vector's event, in which the variable stands for the cursor.
        func bytes(of vector: Vector, cursor variable: String = "cursor") throws -> [JSONValue] {
            guard let piece = vector.value["expect"]?[name] else { throw vector.fault("it does not say \(name)") }
            var rest = try vector.rawBytes(of: piece)[...]
            var parts: [JSONValue] = []
            while let range = rest.firstRange(of: BodyVectorCases.cursor) {
                parts += [.bytes(rest[..<range.lowerBound]), .string("${\(variable)}")]
                rest = rest[range.upperBound...]
            }
            return parts + [.bytes(rest)]
        }

        // MARK: - Scenes

        /// A poll that waits for its event.
        var held: [Step] {
            get throws {
                try Self.begin + [request(), Self.replaced]
                    + EventScene.deliveredToUser(id: "1", body: body(of: vector))
                    + [
                        head, Step(.expect, "page", ["body": .array(bytes(of: vector))]),
                        Step(.expect, "page", ["ended": true]),
                    ]
            }
        }

        /// A stream that gets the event as it is sent.
        var streamed: [Step] {
            get throws {
                let marked = try bytes(of: mark)
                return try Self.begin + [request(), head, Self.replaced]
                    + EventScene.deliveredToUser(id: "1", body: body(of: mark))
                    + [Step(.expect, "page", ["past": .array(marked)])]
                    + EventScene.deliveredToUser(id: "2", body: body(of: vector))
                    + EventScene.deliveredToUser(id: "3", body: body(of: mark))
                    + [Step(.expect, "page", ["body": .array(bytes(of: vector) + marked)])]
            }
        }

        /// A browser that comes back on another transport.
        var sentAgain: [Step] {
            get throws {
                let first = try Self.begin + sent("1", vector, saving: "cursor")
                switch transport {
                case "poll", "jsonp":
                    return try first + [
                        request("&last=${start}&callback=\(BodyVectorCases.callback)"), head,
                        Step(.expect, "page", ["body": .array(bytes(of: vector))]),
                        Step(.expect, "page", ["ended": true]),
                    ]
                case "ws":
                    // The beginning of a frame depends on the length of the cursor; only what is in it is compared.
                    return try first + sent("2", mark, saving: "next") + [
                        request("&last=${start}", headers: Self.upgrade),
                        EventScene.head("page", status: 101, contentType: nil),
                        Step(.expect, "page", ["past": .array(bytes(of: vector))]),
                        Step(.expect, "page", ["bytes": ["base64": "gQ=="]]),
                        Step(.expect, "page", ["past": .array(bytes(of: mark, cursor: "next"))]),
                    ]
                default:
                    let both = try bytes(of: vector) + bytes(of: mark, cursor: "next")
                    return try first + sent("2", mark, saving: "next") + [
                        request("&last=${start}"), head, Step(.expect, "page", ["past": .array(both)]),
                    ]
                }
            }
        }

        /// An event, and what the first browser is told of it.
        func sent(_ id: String, _ vector: Vector, saving cursor: String) throws -> [Step] {
            try EventScene.deliveredToUser(id: id, body: body(of: vector))
                + [
                    Step(
                        .expect, "first",
                        ["item": ["event": ["any": true], "cursor": .object(["save": .string(cursor)])]])
                ]
        }

        static let upgrade = [
            ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ].map { JSONValue.array([.string($0.0), .string($0.1)]) }
    }
}
