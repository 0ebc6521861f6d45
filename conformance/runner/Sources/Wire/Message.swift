/// A reply or notice of a server on its control port (control.md, sections 4 and 11).
struct Message: Hashable, Sendable {
    private static let mostBytes = 64 << 20

    let word: String
    /// Their names in lower case.
    let headers: [Frame.Header]
    /// Nil if it has no `length`.
    let body: [UInt8]?
    /// All its bytes, as they came.
    let raw: [UInt8]

    /// Takes the next reply or notice off the front; nil if it has not come in whole.
    ///
    /// - Throws: ``Violation``
    init?(readingFrom bytes: inout ArraySlice<UInt8>) throws {
        guard let end = bytes.firstRange(of: "\r\n\r\n") else {
            try Self.checkBeginning(bytes)
            return nil
        }
        let head = bytes[..<end.lowerBound]
        let lines = try Head.lines(head, of: "a reply")
        guard let word = lines.first, !word.isEmpty, word.utf8.allSatisfy(Self.isLetter) else {
            throw Violation("a reply begins with a word of letters", head)
        }
        self.word = word
        headers = try lines.dropFirst().map(Self.header)
        let length = try Self.length(headers, head)
        let rest = bytes[end.upperBound...]
        guard rest.count >= length ?? 0 else { return nil }
        body = length.map { Array(rest.prefix($0)) }
        raw = Array(bytes[..<rest.startIndex] + rest.prefix(length ?? 0))
        bytes = rest.dropFirst(length ?? 0)
    }

    /// As a case expects it: a header that is there more than once is a list.
    var value: JSONValue {
        var members: [String: JSONValue] = ["word": .string(word), "headers": Frame.value(of: headers)]
        members["body"] = body.map(Frame.text)
        return .object(members)
    }

    /// The same with all of it as text, for a pattern that has `raw`.
    var rawValue: JSONValue {
        guard case .object(var members) = value else { return value }
        members["raw"] = Frame.text(of: raw)
        return .object(members)
    }

    private static func checkBeginning(_ bytes: ArraySlice<UInt8>) throws {
        guard bytes.count <= mostBytes else { throw Violation("a reply has no blank line", bytes) }
        let word = bytes.prefix { $0 != UInt8(ascii: "\r") }
        guard word.prefix(64).allSatisfy(isLetter), word.count <= 64 else {
            throw Violation("a reply begins with a word of letters", bytes)
        }
    }

    private static func header(_ line: String) throws -> Frame.Header {
        guard let header = Frame.Header(line, separator: ": "),
            header.name.utf8.allSatisfy({ isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") })
        else { throw Violation("a line of a reply is no header `name: value`", readable(line.utf8)) }
        return header
    }

    private static func length(_ headers: [Frame.Header], _ head: ArraySlice<UInt8>) throws -> Int? {
        let values = headers.filter { $0.name == "length" }.map(\.value)
        guard let value = values.first else { return nil }
        guard values.count == 1, !value.isEmpty, value.utf8.allSatisfy(isDigit), let length = Int(value),
            length <= mostBytes
        else { throw Violation("the length of a reply is none", head) }
        return length
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
