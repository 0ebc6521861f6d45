import Testing

@testable import OrbitedConformance

@Suite("Responses of HTTP")
struct ResponseTests {
    /// Status, body, and whether the body is complete.
    private func read(
        _ text: String, method: String = "GET", isEnded: Bool = false
    ) -> [Result<[String], any Error>] {
        outcomes(Array(text.utf8)) {
            var rest: ArraySlice<UInt8> = []
            var body: ArraySlice<UInt8> = []
            var state: (ResponseHead, BodyDecoder)?
            return { piece, isLast in
                rest += piece
                if state == nil, let head = try ResponseHead(readingFrom: &rest) {
                    state = (head, try BodyDecoder(for: head, method: method))
                }
                try state?.1.decode(&rest, into: &body, isEnded: isLast && isEnded)
                guard isLast, let (head, decoder) = state else { return [] }
                let end = decoder.isComplete ? "complete" : "open"
                return [
                    "\(head.status)", String(decoding: body, as: UTF8.self), end, String(decoding: rest, as: UTF8.self),
                ]
            }
        }
    }

    private func expect(_ text: String, method: String = "GET", isEnded: Bool = false, _ expected: [String]) throws {
        for outcome in read(text, method: method, isEnded: isEnded) { #expect(try outcome.get() == expected) }
    }

    private func expectViolation(_ text: String, isEnded: Bool = false) {
        for outcome in read(text, isEnded: isEnded) { #expect(throws: Violation.self) { try outcome.get() } }
    }

    @Test("have a body of the length that they say")
    func length() throws {
        try expect("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP", ["200", "abc", "complete", "HTTP"])
        try expect("HTTP/1.1 404 \r\nContent-Length: 4\r\n\r\nabc", ["404", "abc", "open", ""])
    }

    @Test("have a body in chunks")
    func chunks() throws {
        let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n"
        try expect(
            head + "3\r\nabc\r\nA;x=\"y\"\r\n0123456789\r\n00\r\na: b\r\n\r\nrest",
            ["200", "abc0123456789", "complete", "rest"])
        try expect(head + "3\r\nabc\r\n", ["200", "abc", "open", ""])
    }

    @Test(
        "with malformed chunks are told",
        arguments: [
            "\r\n", "g\r\n", "-1\r\n", "0x1\r\na\r\n", " 1\r\na\r\n", "1\na\r\n", "1\r\nab\r\n", "1\r\na\n",
            "0\r\nx\r\n",
        ])
    func malformedChunks(text: String) {
        expectViolation("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + text)
    }

    @Test("that end in the middle are told", arguments: ["Content-Length: 4", "Transfer-Encoding: chunked"])
    func truncated(header: String) {
        expectViolation("HTTP/1.1 200 OK\r\n\(header)\r\n\r\n1\r\n", isEnded: true)
    }

    @Test("without either end with the connection")
    func untilEnd() throws {
        try expect("HTTP/1.0 200 OK\r\n\r\nabc", ["200", "abc", "open", ""])
        try expect("HTTP/1.0 200 OK\r\n\r\nabc", isEnded: true, ["200", "abc", "complete", ""])
    }

    @Test("to HEAD, and with 101, 204 or 304, have no body")
    func bodiless() throws {
        try expect("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nnext", method: "HEAD", ["200", "", "complete", "next"])
        for status in ["101", "204", "304"] {
            try expect("HTTP/1.1 \(status) OK\r\n\r\nnext", [status, "", "complete", "next"])
        }
    }

    @Test(
        "with a malformed head are told",
        arguments: [
            "Failure\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 200\r\n\r\n",
            "HTTP/1.1 200 OK\na: b\r\n\r\n", "HTTP/1.1 200 OK\r\na b: c\r\n\r\n", "HTTP/1.1 200 OK\r\n: c\r\n\r\n",
            "HTTP/1.1 200 OK\r\n a: c\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        ])
    func malformedHead(text: String) {
        expectViolation(text)
    }
}
