/// The target of a request, taken apart: raw path and raw query. RFC 9112 §3.2
struct RequestTarget: Equatable {
    /// The path as it was sent, percent-encoded; it starts with `/`, or is `*`.
    let path: Substring
    /// The query as it was sent, without the question mark.
    let query: Substring?

    /// Takes a target in origin or absolute form; `nil` if it is neither, nor `*`.
    init?(_ target: String) {
        var rest = target[...]
        for scheme in ["http://", "https://"] where rest.lowercased().hasPrefix(scheme) {
            let authority = rest.dropFirst(scheme.count)
            rest = authority.firstIndex(where: { $0 == "/" || $0 == "?" }).map { authority[$0...] } ?? "/"
        }
        if let end = rest.firstIndex(of: "#") { rest = rest[..<end] }
        let mark = rest.firstIndex(of: "?")
        path = mark.map { rest[..<$0] } ?? rest
        query = mark.map { rest[rest.index(after: $0)...] }
        guard path.hasPrefix("/") || path == "*" else { return nil }
    }

    /// The path and query in origin form, as they go to an application.
    var originForm: String { query.map { "\(path)?\($0)" } ?? String(path) }
}
