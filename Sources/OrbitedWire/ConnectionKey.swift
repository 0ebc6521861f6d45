/// The address of a browser's session: user, session and location, written `user, session, /location`.
///
/// Two keys are the same when their bytes are the same; no Unicode normalisation takes place. [CTL-24] [BRW-2]
public struct ConnectionKey: Hashable, Sendable {
    /// The key as it stands on the wire: `user, session, /location`, UTF-8.
    public let bytes: [UInt8]

    /// Reads a key from the value of a `recipient` header. [CTL-22]
    ///
    /// - Parameter line: the bytes of `user, session, /location`, without a line end.
    /// - Throws: ``ConnectionKeyError`` that names the part at fault.
    public init(_ line: UnsafeRawBufferPointer) throws(ConnectionKeyError) {
        let shape = try KeyShape(line)
        guard shape.isASCII || String(validating: line, as: UTF8.self) != nil else { throw .notUTF8 }
        self.bytes = [UInt8](line)
    }

    /// Reads a key from text, as ``init(_:)-(UnsafeRawBufferPointer)`` does from bytes.
    public init(_ text: String) throws(ConnectionKeyError) {
        let bytes = [UInt8](text.utf8)
        _ = try KeyShape(bytes)
        self.bytes = bytes
    }

    /// Puts a key together from its parts.
    ///
    /// - Throws: ``ConnectionKeyError`` when a part is empty, holds a control character, when `user` or `session`
    ///   hold the separator `", "`, or when `location` does not start with `/`.
    public init(user: String, session: String, location: String) throws(ConnectionKeyError) {
        for name in [user, session] where name.utf8.containsSeparator { throw .separatorInName }
        guard !user.isEmpty else { throw .emptyUser }
        guard !session.isEmpty else { throw .emptySession }
        try self.init("\(user), \(session), \(location)")
    }

    /// The user's name.
    public var user: String { parts.user }
    /// The session's name; one for each logged-in browser of the user.
    public var session: String { parts.session }
    /// The location, which starts with `/`.
    public var location: String { parts.location }

    private var parts: (user: String, session: String, location: String) {
        guard let shape = try? KeyShape(bytes) else { return ("", "", "") }
        func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        return (text(shape.user), text(shape.session), text(shape.location))
    }

    /// Compares the wire forms.
    @inlinable
    public static func == (left: ConnectionKey, right: ConnectionKey) -> Bool { left.bytes == right.bytes }

    /// Hashes the wire form in one go.
    @inlinable
    public func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}

extension ConnectionKey: CustomStringConvertible {
    /// The wire form, `user, session, /location`.
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}

/// Where the three parts of a key lie in its bytes.
private struct KeyShape {
    let user: Range<Int>
    let session: Range<Int>
    let location: Range<Int>
    let isASCII: Bool

    init<Bytes>(_ line: Bytes) throws(ConnectionKeyError)
    where Bytes: RandomAccessCollection, Bytes.Element == UInt8, Bytes.Index == Int {
        var separators = (first: -1, second: -1)
        var seen: UInt8 = 0
        for index in line.indices {
            let byte = line[index]
            guard byte >= 0x20, byte != 0x7F else { throw .controlCharacter }
            seen |= byte
            guard byte == UInt8(ascii: ","), separators.second < 0, index + 1 < line.count,
                line[index + 1] == UInt8(ascii: " "), separators.first < 0 || index > separators.first + 1
            else { continue }
            if separators.first < 0 { separators.first = index } else { separators.second = index }
        }
        guard separators.second >= 0 else { throw .notThreeParts }
        self.user = 0..<separators.first
        self.session = separators.first + 2..<separators.second
        self.location = separators.second + 2..<line.count
        self.isASCII = seen < 0x80
        guard !user.isEmpty else { throw .emptyUser }
        guard !session.isEmpty else { throw .emptySession }
        guard let slash = location.first, line[slash] == UInt8(ascii: "/") else { throw .locationWithoutSlash }
    }
}

extension String.UTF8View {
    /// Whether `", "` stands in the text.
    fileprivate var containsSeparator: Bool {
        zip(self, self.dropFirst()).contains { $0 == UInt8(ascii: ",") && $1 == UInt8(ascii: " ") }
    }
}
