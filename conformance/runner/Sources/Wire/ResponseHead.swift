/// The head of a response of HTTP/1.1 or HTTP/1.0 (RFC 9112).
struct ResponseHead: Hashable, Sendable {
    private static let mostBytes = 65_536

    /// `1.0` or `1.1`.
    let version: String
    let status: Int
    /// Their names in lower case.
    let headers: [Frame.Header]

    /// Takes the head of a response off the front; nil if it has not come in whole.
    ///
    /// - Throws: ``Violation``
    init?(readingFrom bytes: inout ArraySlice<UInt8>) throws {
        let status = bytes.prefix(9)
        guard "HTTP/1.0 ".utf8.starts(with: status) || "HTTP/1.1 ".utf8.starts(with: status) else {
            throw Violation("what came is no response of HTTP/1.1", bytes)
        }
        guard let end = bytes.firstRange(of: "\r\n\r\n") else {
            guard bytes.count <= Self.mostBytes else { throw Violation("the head of a response has no end", bytes) }
            return nil
        }
        let head = bytes[..<end.lowerBound]
        let lines = try Head.lines(head, of: "a response")
        bytes = bytes[end.upperBound...]
        let words = (lines.first ?? "").split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count == 3, words[1].utf8.count == 3, let number = Int(words[1]), (100...599).contains(number)
        else {
            throw Violation("the status line is none of HTTP/1.1", head)
        }
        version = String(words[0].dropFirst(5))
        self.status = number
        headers = try lines.dropFirst().map(Self.header)
    }

    /// Whether another response to the same request follows.
    var isInterim: Bool { (100...199).contains(status) && status != 101 }

    /// As a case expects it.
    var value: JSONValue { .object(["status": .number(Double(status)), "headers": Frame.value(of: headers)]) }

    /// The values of a header, by its name in lower case.
    func values(of name: String) -> [String] { headers.filter { $0.name == name }.map(\.value) }

    /// The words of a header that is a list, in lower case.
    func words(of name: String) -> [String] {
        values(of: name).flatMap { $0.split(separator: ",") }.map { $0.trimmed.lowercased() }
    }

    /// Whether the connection can carry another request after this response.
    var keepsAlive: Bool {
        let words = words(of: "connection")
        return version == "1.1" ? !words.contains("close") : words.contains("keep-alive")
    }

    static func header(_ line: String) throws -> Frame.Header {
        guard let header = Frame.Header(ofHTTP: line), header.name.unicodeScalars.allSatisfy(Self.isToken) else {
            throw Violation("a line of the head is no header", readable(line.utf8))
        }
        return header
    }

    private static func isToken(_ scalar: Unicode.Scalar) -> Bool {
        (0x21...0x7E).contains(scalar.value) && !"\"(),/:;<=>?@[\\]{}".unicodeScalars.contains(scalar)
    }
}
