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
        guard let fields = self.fields else { return ("", "", "") }
        func text(_ field: ArraySlice<UInt8>) -> String { String(decoding: field, as: UTF8.self) }
        return (text(fields.user), text(fields.session), text(fields.location))
    }

    /// The bytes of the three parts; there always are some, since a key that has none can't be made.
    @usableFromInline
    var fields: (user: ArraySlice<UInt8>, session: ArraySlice<UInt8>, location: ArraySlice<UInt8>)? {
        guard let shape = try? KeyShape(bytes) else { return nil }
        return (bytes[shape.user], bytes[shape.session], bytes[shape.location])
    }

    /// The bytes of the user's name.
    public var userBytes: ArraySlice<UInt8> { fields?.user ?? [] }
    /// The bytes of the location.
    public var locationBytes: ArraySlice<UInt8> { fields?.location ?? [] }

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
