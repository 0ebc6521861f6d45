/// Reads the pieces of `xhr_stream`, each of which ends with the separator `\r\n|O|\r\n`.
struct XHRStreamReader: ItemReader {
    /// 256 dots and two line ends [XST-2].
    private static let preamble = Array(repeating: UInt8(ascii: "."), count: 256) + Array("\r\n\r\n".utf8)

    private var hasBegun = false
    /// Whether the last piece was empty, so that a heartbeat has begun.
    private var isBeforePing = false

    mutating func next(_ body: inout ArraySlice<UInt8>, isComplete: Bool) throws -> JSONValue? {
        guard try begin(&body) else { return try nothing(body, isComplete) }
        while let end = body.firstRange(of: "\r\n|O|\r\n") {
            let piece = body[..<end.lowerBound]
            body = body[end.upperBound...]
            let isPing = piece.elementsEqual("ping".utf8)
            guard isPing == isBeforePing else {
                throw Violation("`ping` stands behind an empty piece, and nothing else does [XST-4] [XST-5]", piece)
            }
            isBeforePing = piece.isEmpty
            if isPing { return Item.heartbeat }
            if !piece.isEmpty { return Item.event(Item.data(piece)) }
        }
        return try nothing(body, isComplete)
    }

    private mutating func begin(_ body: inout ArraySlice<UInt8>) throws -> Bool {
        if hasBegun { return true }
        guard Self.preamble.starts(with: body.prefix(Self.preamble.count)) else {
            throw Violation("the body does not begin with 256 dots, CRLF and CRLF [XST-2]", body)
        }
        guard body.count >= Self.preamble.count else { return false }
        body = body.dropFirst(Self.preamble.count)
        hasBegun = true
        return true
    }

    private func nothing(_ body: ArraySlice<UInt8>, _ isComplete: Bool) throws -> JSONValue? {
        guard !isComplete || body.isEmpty && !isBeforePing else {
            throw Violation("the response ended in the middle of an event [XST-8]", body)
        }
        return nil
    }
}
