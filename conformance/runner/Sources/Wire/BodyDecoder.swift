/// Takes the body of a response out of the bytes of its connection (RFC 9112, section 6).
struct BodyDecoder: Hashable, Sendable {
    private enum State: Hashable {
        case length(Int)
        case untilEnd
        case chunkSize
        case chunk(rest: Int)
        case chunkEnd
        case trailers
        case complete
    }

    private static let mostLineBytes = 4_096

    private var state: State

    /// How the body of this response is framed.
    ///
    /// - Throws: ``Violation`` if its headers contradict each other.
    init(for head: ResponseHead, method: String) throws {
        let (lengths, codings) = (head.values(of: "content-length"), head.words(of: "transfer-encoding"))
        if method == "HEAD" || head.status < 200 || head.status == 204 || head.status == 304 {
            state = .complete
        } else if !codings.isEmpty {
            guard codings == ["chunked"], lengths.isEmpty, head.version == "1.1" else {
                throw Violation("the response can't be framed so", head.value.text)
            }
            state = .chunkSize
        } else if let text = lengths.first {
            guard lengths.count == 1, let length = Int(text), length >= 0, !text.hasPrefix("+") else {
                throw Violation("the Content-Length is no length", head.value.text)
            }
            state = length == 0 ? .complete : .length(length)
        } else {
            state = .untilEnd
        }
    }

    /// Whether nothing more belongs to the body.
    var isComplete: Bool { state == .complete }

    /// Takes what belongs to the body off the front, as far as it has come.
    ///
    /// - Throws: ``Violation``
    mutating func decode(
        _ bytes: inout ArraySlice<UInt8>, into body: inout ArraySlice<UInt8>, isEnded: Bool
    ) throws {
        while try step(&bytes, &body) {}
        guard isEnded, state != .complete else { return }
        guard state != .untilEnd else {
            state = .complete
            return
        }
        throw Violation("the connection ended in the middle of a response: \(missing)", bytes)
    }

    private var missing: String {
        switch state {
        case .length(let count): "\(grouped(count)) bytes of its Content-Length are missing"
        case .chunk(let count): "\(grouped(count)) bytes of a chunk are missing"
        case .chunkSize, .chunkEnd, .trailers: "the last chunk is missing"
        case .untilEnd, .complete: "nothing is missing"
        }
    }

    /// Does what can be done; false if there is no more to do before more has come.
    private mutating func step(_ bytes: inout ArraySlice<UInt8>, _ body: inout ArraySlice<UInt8>) throws -> Bool {
        switch state {
        case .complete: return false
        case .untilEnd:
            body += bytes
            bytes = []
            return false
        case .length(let rest):
            let count = move(rest, &bytes, &body)
            state = count == rest ? .complete : .length(rest - count)
            return false
        case .chunkSize:
            guard let line = try line(&bytes) else { return false }
            let size = try Self.chunkSize(line)
            state = size == 0 ? .trailers : .chunk(rest: size)
        case .chunk(let rest):
            let count = move(rest, &bytes, &body)
            guard count == rest else {
                state = .chunk(rest: rest - count)
                return false
            }
            state = .chunkEnd
        case .chunkEnd:
            guard "\r\n".utf8.starts(with: bytes.prefix(2)) else {
                throw Violation("a chunk is longer than its size says: there is no CRLF behind it", bytes)
            }
            guard bytes.count >= 2 else { return false }
            bytes = bytes.dropFirst(2)
            state = .chunkSize
        case .trailers:
            guard let line = try line(&bytes) else { return false }
            if line.isEmpty { state = .complete } else { _ = try ResponseHead.header(line) }
        }
        return true
    }

    private func move(_ most: Int, _ bytes: inout ArraySlice<UInt8>, _ body: inout ArraySlice<UInt8>) -> Int {
        let piece = bytes.take(most)
        body += piece
        return piece.count
    }

    private func line(_ bytes: inout ArraySlice<UInt8>) throws -> String? {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else {
            guard bytes.count <= Self.mostLineBytes else {
                throw Violation("a line of a chunked body has no end", bytes)
            }
            return nil
        }
        let line = bytes[..<end]
        guard line.last == UInt8(ascii: "\r"), !line.dropLast().contains(UInt8(ascii: "\r")) else {
            throw Violation("a line of a chunked body does not end with CRLF", line)
        }
        bytes = bytes[(end + 1)...]
        return String(decoding: line.dropLast(), as: UTF8.self)
    }

    /// Extensions have no meaning, and are allowed.
    private static func chunkSize(_ line: String) throws -> Int {
        let digits = line.prefix { $0 != ";" }.utf8
        let isHexadecimal = digits.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
        guard !digits.isEmpty, digits.count <= 15, isHexadecimal, let size = Int(String(digits) ?? "", radix: 16) else {
            throw Violation("this is no size of a chunk", readable(line.utf8))
        }
        return size
    }
}
