/// Reads the requests of one connection, as HTTP/1.1 cuts them (RFC 9112).
struct RequestReader: Sendable {
    private static let longestHead = 65_536
    private static let longestBody = 1_048_576

    private var bytes: [UInt8] = []
    private var head: (request: Request, length: Int)?

    init() {}

    /// What came after the last request that was read; of a WebSocket these are frames.
    var rest: [UInt8] { bytes }

    mutating func append(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

    /// The next request; nil if it has not come in whole.
    mutating func next() throws -> Request? {
        if head == nil { head = try nextHead() }
        guard let (request, length) = head, bytes.count >= length else { return nil }
        var whole = request
        whole.body = Array(bytes.prefix(length))
        bytes.removeFirst(length)
        head = nil
        return whole
    }

    private mutating func nextHead() throws -> (Request, Int)? {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else {
            guard bytes.count <= Self.longestHead else {
                throw Violation("The head of a request has more than \(Self.longestHead) bytes")
            }
            return nil
        }
        let lines = try Head.lines(bytes[..<end.lowerBound], of: "a request")
        bytes.removeSubrange(..<end.upperBound)
        var request = try Self.request(lines.first ?? "")
        request.headers = try lines.dropFirst().map(Self.header)
        return (request, try Self.length(of: request))
    }

    private static func request(_ line: String) throws -> Request {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0" else {
            throw Violation("This is no request line of HTTP/1.1: \(line.debugDescription)")
        }
        return Request(method: String(words[0]), target: String(words[1]), version: String(words[2].suffix(3)))
    }

    private static func header(_ line: String) throws -> Frame.Header {
        guard let header = Frame.Header(ofHTTP: line) else {
            throw Violation("This is no header of HTTP: \(line.debugDescription)")
        }
        return header
    }

    /// No browser sends a chunked request.
    private static func length(of request: Request) throws -> Int {
        guard request.values(of: "transfer-encoding").isEmpty else {
            throw Violation("The suite reads no request with a transfer coding")
        }
        guard let text = request.values(of: "content-length").first else { return 0 }
        guard let length = Int(text), (0...longestBody).contains(length) else {
            throw Violation("This is no length of a request that the suite reads: \(text)")
        }
        return length
    }
}
