/// What is wrong with a connection key.
public enum ConnectionKeyError: Error, Hashable, Sendable, CaseIterable {
    /// Fewer than three parts separated by `", "`.
    case notThreeParts
    /// The user's name is empty.
    case emptyUser
    /// The session's name is empty.
    case emptySession
    /// The location does not start with `/`.
    case locationWithoutSlash
    /// A user's or session's name holds `", "`, which separates the parts.
    case separatorInName
    /// A byte below 0x20, or 0x7F.
    case controlCharacter
    /// The bytes are not UTF-8.
    case notUTF8
}

extension ConnectionKeyError: CustomStringConvertible {
    /// One plain sentence, without a full stop.
    public var description: String {
        switch self {
        case .notThreeParts: "A connection key has three parts: user, session, /location"
        case .emptyUser: "The user of a connection key is empty"
        case .emptySession: "The session of a connection key is empty"
        case .locationWithoutSlash: "The location of a connection key starts with /"
        case .separatorInName: "A user or session name can't hold a comma followed by a space"
        case .controlCharacter: "A connection key can't hold control characters"
        case .notUTF8: "A connection key is UTF-8"
        }
    }
}
