/// The address of a browser's session: user, session and location, written `user, session, /location`.
///
/// Two keys are the same when their bytes are the same; no Unicode normalisation takes place. [CTL-24] [BRW-2]
public struct ConnectionKey: Hashable, Sendable {
    /// The key as it stands on the wire: `user, session, /location`, UTF-8.
    public let bytes: [UInt8]
    /// Where the separators after the user and after the session begin.
    private let separators: (first: UInt32, second: UInt32)

    /// Reads a key from the value of a `recipient` header. [CTL-22]
    ///
    /// - Parameter line: the bytes of `user, session, /location`, without a line end.
    /// - Throws: ``ConnectionKeyError`` that names the part at fault.
    public init(_ line: UnsafeRawBufferPointer) throws(ConnectionKeyError) {
        let shape = try KeyShape(line)
        guard shape.isASCII || String(validating: line, as: UTF8.self) != nil else { throw .notUTF8 }
        self.init([UInt8](line), shape)
    }

    /// Reads a key from text, as ``init(_:)-(UnsafeRawBufferPointer)`` does from bytes.
    public init(_ text: String) throws(ConnectionKeyError) {
        let bytes = [UInt8](text.utf8)
        self.init(bytes, try KeyShape(bytes))
    }

    private init(_ bytes: [UInt8], _ shape: KeyShape) {
        self.bytes = bytes
        self.separators = (UInt32(shape.user.upperBound), UInt32(shape.session.upperBound))
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
    public var user: String { String(decoding: userBytes, as: UTF8.self) }
    /// The session's name; one for each logged-in browser of the user.
    public var session: String { String(decoding: sessionBytes, as: UTF8.self) }
    /// The location, which starts with `/`.
    public var location: String { String(decoding: locationBytes, as: UTF8.self) }

    /// The bytes of the user's name.
    public var userBytes: ArraySlice<UInt8> { bytes[..<Int(separators.first)] }
    /// The bytes of the session's name.
    public var sessionBytes: ArraySlice<UInt8> { bytes[Int(separators.first) + 2..<Int(separators.second)] }
    /// The bytes of the location.
    public var locationBytes: ArraySlice<UInt8> { bytes[(Int(separators.second) + 2)...] }

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

extension String.UTF8View {
    /// Whether `", "` stands in the text.
    fileprivate var containsSeparator: Bool {
        zip(self, self.dropFirst()).contains { $0 == UInt8(ascii: ",") && $1 == UInt8(ascii: " ") }
    }
}
