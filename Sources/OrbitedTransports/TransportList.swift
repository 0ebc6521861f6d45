/// The two forms of event URLs; one transport looks different in them. [BRW-11] [BRW-17] [IFR-2]
public enum URLForm: Sendable, Hashable, CaseIterable {
    /// `/location|user,session,transport`, of Orbited 0.1.
    case bar
    /// `/location?user=…&session=…&transport=…`, of Orbited 0.2 and later.
    case query
}

/// All transports; the one place that knows which there are.
public struct TransportList: Sendable {
    /// A transport and the forms of URL in which it is found.
    private struct Line {
        let transport: any Transport
        var forms = URLForm.allCases
    }

    private let lines: [Line]
    private let off: [String]
    /// The transports; the index of each is its number, by which encodings are kept.
    public let all: [any Transport]

    /// Creates the list.
    ///
    /// - Parameters:
    ///   - iframeMaxBytes: after how many bytes a response ends that browsers keep in memory. Default 8 MiB.
    ///   - allowsRaw: whether there are the transports that hand bodies to the browser as they are. Default: no. [BRW-110]
    public init(iframeMaxBytes: Int = 8_388_608, allowsRaw: Bool = false) {
        let raw = Self.raw(maxBytes: iframeMaxBytes)
        lines = Self.tame(maxBytes: iframeMaxBytes) + (allowsRaw ? raw : [])
        off = allowsRaw ? [] : raw.map(\.transport.name)
        all = lines.map(\.transport)
    }

    private static func tame(maxBytes: Int) -> [Line] {
        [
            Line(transport: IframeTransport(form: .bar, maxBytes: maxBytes), forms: [.bar]),
            Line(transport: IframeTransport(form: .query, maxBytes: maxBytes), forms: [.query]),
            Line(transport: XHRTransport()),
            Line(transport: SSETransport()),
            Line(transport: WebSocketTransport()),
            Line(transport: NDJSONTransport()),
            Line(transport: PollTransport()),
            Line(transport: JSONPTransport()),
            Line(transport: IframeDomainTransport(form: .bar, maxBytes: maxBytes), forms: [.bar]),
            Line(transport: IframeDomainTransport(form: .query, maxBytes: maxBytes), forms: [.query]),
            Line(transport: XHRStreamTransport(maxBytes: maxBytes)),
            Line(transport: XHRMultipartTransport()),
            Line(transport: ServerSentEventsTransport()),
        ]
    }

    private static func raw(maxBytes: Int) -> [Line] {
        [
            Line(transport: IframeRawTransport(maxBytes: maxBytes)),
            Line(transport: IframeAlertTransport(maxBytes: maxBytes)),
            Line(transport: RawTransport(.raw, maxBytes: maxBytes)),
            Line(transport: RawTransport(.stream, maxBytes: maxBytes)),
            Line(transport: BasicTransport(maxBytes: maxBytes)),
        ]
    }

    /// The number of the transport of that name in that form of URL, or `nil` if there is none.
    public func number(of name: String, in form: URLForm) -> Int? {
        lines.firstIndex { $0.transport.name == name && $0.forms.contains(form) }
    }

    /// Whether there would be a transport of that name if raw ones were allowed. [BRW-110]
    public func isOff(_ name: String) -> Bool { off.contains(name) }

    /// The names of all transports, each once, in order.
    public var names: [String] {
        lines.map(\.transport.name).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
