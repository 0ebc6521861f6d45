/// A head that has come in whole, as Orbit and HTTP both write it: lines that end with CRLF.
enum Head {
    /// Its lines, without their ends; behind the last one there is none any more.
    ///
    /// - Parameter what: whose head it is, in words.
    /// - Throws: ``Violation``
    static func lines(_ head: ArraySlice<UInt8>, of what: String) throws -> [String] {
        guard let text = String(validating: head, as: UTF8.self) else {
            throw Violation("the head of \(what) is not UTF-8", head)
        }
        var pieces = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
        var lines: [String] = []
        while var piece = pieces.popFirst() {
            if !pieces.isEmpty, piece.popLast() != UInt8(ascii: "\r") {
                throw Violation("a line of \(what) ends with LF alone, and not with CRLF", head)
            }
            guard !piece.contains(UInt8(ascii: "\r")) else {
                throw Violation("a line of \(what) has a CR of its own", head)
            }
            lines.append(String(Substring(piece)))
        }
        return lines
    }
}

extension Frame.Header {
    /// Cuts a line at the first separator; nil if there is none, or no name before it.
    ///
    /// By bytes: a character may begin with the end of the separator, and go on with what combines.
    init?(_ line: String, separator: String) {
        guard let range = line.utf8.firstRange(of: separator.utf8), range.lowerBound > line.startIndex else {
            return nil
        }
        name = String(decoding: line.utf8[..<range.lowerBound], as: UTF8.self).lowercased()
        value = String(decoding: line.utf8[range.upperBound...], as: UTF8.self)
    }

    /// Cuts a line of HTTP, whose value may have blanks around it (RFC 9112, section 5).
    init?(ofHTTP line: String) {
        self.init(line, separator: ":")
        value = value[...].trimmed
    }
}

extension Substring {
    /// Without blanks and tabs around it.
    var trimmed: String {
        let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        let rest = utf8.drop(while: isBlank)
        let end = rest.lastIndex { !isBlank($0) }.map(rest.index(after:)) ?? rest.startIndex
        return String(Substring(rest[..<end]))
    }
}
