/// Reads the frames of a client, and takes nothing that a client must not send.
///
/// A server has to be lenient with line ends, versions and headers, so a client's faults would go unseen there.
struct FrameReader: Sendable {
    /// The defaults of the registry: a client can't count on more.
    private static let longestLine = 8_192
    private static let longestHead = 16_777_216
    private static let longestBody = 1_048_576

    private enum State {
        case version
        case action(version: String)
        case headers(Frame)
        case body(Frame, length: Int)
    }

    private var bytes: [UInt8] = []
    private var position = 0
    private var headSize = 0
    private var state = State.version

    init() {}

    /// Whether the bytes so far end with a whole frame.
    var isBetweenFrames: Bool {
        guard case .version = state else { return false }
        return position == bytes.count
    }

    /// Takes bytes as they came.
    mutating func append(_ more: some Sequence<UInt8>) {
        bytes.removeFirst(position)
        position = 0
        bytes.append(contentsOf: more)
    }

    /// The next frame; nil if it has not come in whole.
    ///
    /// - Throws: ``Violation``, after which there is nothing more to read.
    mutating func next() throws -> Frame? {
        while true {
            if case .body(var frame, let length) = state {
                guard bytes.count - position >= length else { return nil }
                frame.body = Array(bytes[position..<position + length])
                position += length
                state = .version
                headSize = 0
                return frame
            }
            guard let line = try line() else { return nil }
            try take(line)
        }
    }

    private mutating func line() throws -> String? {
        guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else {
            // A CR may have come without its LF.
            guard bytes.count - position <= Self.longestLine + 1 else { throw tooLong }
            return nil
        }
        guard end > position, bytes[end - 1] == UInt8(ascii: "\r") else {
            throw Violation("A line of a client ends with CRLF [CTL-7], and this one with LF alone")
        }
        let content = bytes[position..<end - 1]
        guard content.count <= Self.longestLine else { throw tooLong }
        headSize += end + 1 - position
        guard headSize <= Self.longestHead else {
            throw Violation("A head has at most \(Self.longestHead) bytes [CTL-99]")
        }
        position = end + 1
        guard let text = String(validating: content, as: UTF8.self) else {
            throw Violation("A line is valid UTF-8 [CTL-64]: \(Array(content))")
        }
        guard !content.contains(UInt8(ascii: "\r")) else {
            throw Violation("A line has no CR of its own [CTL-64]: \(text.debugDescription)")
        }
        return text
    }

    private var tooLong: Violation { Violation("A line has at most \(Self.longestLine) bytes [CTL-62]") }

    private mutating func take(_ line: String) throws {
        switch state {
        case .version:
            guard line == "Orbit 1.0" || line == "Orbit 1.1" else {
                throw Violation("A version line is Orbit 1.0 or Orbit 1.1 [CTL-10], not \(line)")
            }
            state = .action(version: String(line.suffix(3)))
        case .action(let version):
            guard FrameRules.actions(of: version).contains(line) else {
                throw Violation("Orbit \(version) has no action \(line.debugDescription) [CTL-12] [CTL-104]")
            }
            state = .headers(Frame(version: version, action: line))
        case .headers(let frame) where line.isEmpty:
            let length = try FrameRules.length(of: frame)
            guard length <= Self.longestBody else {
                throw Violation("A body has at most \(Self.longestBody) bytes [CTL-73], not \(length)")
            }
            state = .body(frame, length: length)
        case .headers(var frame):
            frame.headers.append(try FrameRules.header(line))
            state = .headers(frame)
        case .body:
            preconditionFailure("a body is not read by lines")
        }
    }
}
