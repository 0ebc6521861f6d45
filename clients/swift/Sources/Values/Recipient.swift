import OrbitedWire

/// The address of a browser's session: user, session and location.
public typealias ConnectionKey = OrbitedWire.ConnectionKey
/// All keys that have certain fields: `*, *, /chat`, say, for every key of the location `/chat`. [CTL-111]
public typealias KeyPattern = OrbitedWire.KeyPattern

/// Whom a call is about: one key, or all that a pattern stands for.
public enum Recipient: Hashable, Sendable {
    /// The session of this key.
    case key(ConnectionKey)
    /// All keys that match and have a session. [CTL-112]
    case pattern(KeyPattern)

    /// Reads `user, session, /location`, in which a `*` in place of a part stands for any.
    ///
    /// - Throws: ``OrbitedError/Kind/invalidRecipient``.
    public init(_ text: String) throws(OrbitedError) {
        do {
            if let pattern = try KeyPattern(text) {
                self = .pattern(pattern)
            } else {
                self = .key(try ConnectionKey(text))
            }
        } catch {
            throw OrbitedError(
                .invalidRecipient, "\(text.prefix(200).debugDescription) is no recipient: \(error)", cause: error)
        }
    }

    /// Puts a recipient together from its parts; `*` for any.
    ///
    /// - Throws: ``OrbitedError/Kind/invalidRecipient``: a part is empty or has a control character, `user` or `session`
    ///   have a comma and a space, or `location` does not begin with `/`.
    public init(user: String, session: String, location: String) throws(OrbitedError) {
        let text = "\(user), \(session), \(location)"
        self = try Recipient(text)
        let parts: (String, String)
        switch self {
        case .key(let key): parts = (key.user, key.session)
        case .pattern(let pattern):
            func text(_ part: [UInt8]?) -> String { part.map { String(decoding: $0, as: UTF8.self) } ?? "*" }
            parts = (text(pattern.user), text(pattern.session))
        }
        // A comma and a space in a part would cut the whole elsewhere.
        guard parts.0.utf8.elementsEqual(user.utf8), parts.1.utf8.elementsEqual(session.utf8) else {
            throw OrbitedError(
                .invalidRecipient,
                "\(text.prefix(200).debugDescription) is no recipient: \(ConnectionKeyError.separatorInName)")
        }
    }

    /// Whether it is the key, or stands for it.
    public func matches(_ key: ConnectionKey) -> Bool {
        switch self {
        case .key(let own): own == key
        case .pattern(let pattern): pattern.matches(key)
        }
    }
}

extension Recipient: CustomStringConvertible {
    /// The form on the wire, `user, session, /location`.
    public var description: String {
        switch self {
        case .key(let key): key.description
        case .pattern(let pattern): pattern.description
        }
    }
}
