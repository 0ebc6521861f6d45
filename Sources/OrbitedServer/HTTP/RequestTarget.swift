/// The target of a request, taken apart: raw path and raw query. RFC 9112 §3.2
///
/// Everything here goes by bytes: a combining mark behind a separator does not hide it.
struct RequestTarget: Equatable {
    /// The path as it was sent, percent-encoded; it starts with `/`, or is `*`.
    let path: Substring
    /// The query as it was sent, without the question mark.
    let query: Substring?

    /// Takes a target in origin or absolute form; `nil` if it is neither, nor `*`.
    init?(_ target: String) {
        var rest = target.utf8[...]
        for scheme in ["http://", "https://"]
        where rest.first != UInt8(ascii: "/") && target.prefix(scheme.count).lowercased() == scheme {
            rest = rest.dropFirst(scheme.utf8.count).drop { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
            // An absolute target without a path means the root.
            if rest.first != UInt8(ascii: "/") {
                guard let root = RequestTarget("/\(Substring(rest))") else { return nil }
                self = root
                return
            }
        }
        rest = rest.prefix { $0 != UInt8(ascii: "#") }
        let mark = rest.firstIndex(of: UInt8(ascii: "?"))
        path = Substring(mark.map { rest[..<$0] } ?? rest)
        query = mark.map { Substring(rest[rest.index(after: $0)...]) }
        guard path.utf8.first == UInt8(ascii: "/") || path == "*" else { return nil }
    }

    /// The path and query in origin form, as they go to an application.
    var originForm: String { query.map { "\(path)?\($0)" } ?? String(path) }
}

extension StringProtocol {
    /// The parts between separators, by bytes.
    func parts(separatedBy separator: Character, atMost count: Int = .max) -> [Substring] {
        guard let byte = separator.asciiValue else { return [Substring(self)] }
        return Substring(self).utf8.split(separator: byte, maxSplits: count - 1, omittingEmptySubsequences: false)
            .map { Substring($0) }
    }
}
