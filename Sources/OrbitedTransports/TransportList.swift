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

    private let lines: [Line]
    /// The transports; the index of each is its number, by which encodings are kept.
    public let all: [any Transport]

    /// Creates the list.
    ///
    /// - Parameter iframeMaxBytes: after how many bytes an iframe is made to load again. Default 8 MiB.
    public init(iframeMaxBytes: Int = 8_388_608) {
        lines = [
            Line(transport: IframeTransport(form: .bar, maxBytes: iframeMaxBytes), forms: [.bar]),
            Line(transport: IframeTransport(form: .query, maxBytes: iframeMaxBytes), forms: [.query]),
            Line(transport: XHRTransport(), forms: URLForm.allCases),
            Line(transport: SSETransport(), forms: URLForm.allCases),
        ]
        all = lines.map(\.transport)
    }

    /// The number of the transport of that name in that form of URL, or `nil` if there is none.
    public func number(of name: String, in form: URLForm) -> Int? {
        lines.firstIndex { $0.transport.name == name && $0.forms.contains(form) }
    }

    /// The names of all transports, each once, in order.
    public var names: [String] {
        lines.map(\.transport.name).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
