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
        let forms: [URLForm]
    }

    /// Those that hand bodies to the browser as they are, or are for trying out. [BRW-110]
    private static let rawNames: Set = ["raw", "stream", "basic", "iframe_raw", "iframe_alert"]

    private let lines: [Line]
    /// The transports; the index of each is its number, by which encodings are kept.
    public let all: [any Transport]

    /// Creates the list.
    ///
    /// - Parameters:
    ///   - iframeMaxBytes: after how many bytes a response ends that a browser keeps whole. Default 8 MiB.
    ///   - allowsRaw: whether it has the transports that hand bodies to the browser as they are. Default: no.
    public init(iframeMaxBytes maxBytes: Int = 8_388_608, allowsRaw: Bool = false) {
        let bothForms: [any Transport] = [
            XHRTransport(),
            SSETransport(),
            WebSocketTransport(),
            NDJSONTransport(),
            PollTransport(),
            JSONPTransport(),
            IframeDomainTransport(maxBytes: maxBytes),
            XHRStreamTransport(maxBytes: maxBytes),
            XHRMultipartTransport(),
            ServerSentEventsTransport(),
            RawTransport(name: "raw", maxBytes: maxBytes),
            RawTransport(name: "stream", maxBytes: maxBytes),
            BasicTransport(maxBytes: maxBytes),
            IframeRawTransport(maxBytes: maxBytes),
            IframeAlertTransport(maxBytes: maxBytes),
        ]
        let iframes = [
            Line(transport: IframeTransport(form: .bar, maxBytes: maxBytes), forms: [.bar]),
            Line(transport: IframeTransport(form: .query, maxBytes: maxBytes), forms: [.query]),
        ]
        lines =
            iframes
            + bothForms.filter { allowsRaw || !Self.rawNames.contains($0.name) }.map {
                Line(transport: $0, forms: URLForm.allCases)
            }
        all = lines.map(\.transport)
    }

    /// The number of the transport of that name in that form of URL, or `nil` if there is none.
    public func number(of name: String, in form: URLForm) -> Int? {
        lines.firstIndex { $0.transport.name == name && $0.forms.contains(form) }
    }

    /// Whether a name is of a transport that this list was made without.
    public func isOff(_ name: String) -> Bool { Self.rawNames.contains(name) && !names.contains(name) }

    /// The names of all transports, each once, in order.
    public var names: [String] {
        lines.map(\.transport.name).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
