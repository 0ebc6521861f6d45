/// The codes of the control wire, as in `protocol/registry.json`.
///
/// The range tells whether a retry can help: 1xx a malformed frame, 2xx a limit, 3xx the fate of a recipient
/// (none of them mend by sending the same again at once), 4xx a passing state of the server (retry later).
public enum ControlCode: UInt16, Sendable, CaseIterable {
    case badVersion = 101
    case badAction = 102
    case badHeader = 103
    case missingID = 104
    case badID = 105
    case badKey = 106
    case missingLength = 107
    case badLength = 108
    case duplicateHeader = 109
    case lineTooLong = 201
    case tooManyHeaders = 202
    case tooManyRecipients = 203
    case bodyTooLarge = 204
    case unreachable = 301
    case expired = 302
    case overflow = 303
    case frameTimeout = 401
    case shuttingDown = 402
    case tooManyConnections = 403

    /// The name that stands beside the number on the wire, such as `line_too_long`.
    public var name: String {
        switch self {
        case .badVersion: "bad_version"
        case .badAction: "bad_action"
        case .badHeader: "bad_header"
        case .missingID: "missing_id"
        case .badID: "bad_id"
        case .badKey: "bad_key"
        case .missingLength: "missing_length"
        case .badLength: "bad_length"
        case .duplicateHeader: "duplicate_header"
        case .lineTooLong: "line_too_long"
        case .tooManyHeaders: "too_many_headers"
        case .tooManyRecipients: "too_many_recipients"
        case .bodyTooLarge: "body_too_large"
        case .unreachable: "unreachable"
        case .expired: "expired"
        case .overflow: "overflow"
        case .frameTimeout: "frame_timeout"
        case .shuttingDown: "shutting_down"
        case .tooManyConnections: "too_many_connections"
        }
    }

    /// Whether sending the same event again later can succeed.
    public var retryHelps: Bool { rawValue >= 400 }

    /// Whether the server closes the connection after it has told of this. [CTL-31]
    public var closes: Bool {
        switch self {
        case .badVersion, .badLength, .frameTimeout, .shuttingDown, .tooManyConnections: true
        default: false
        }
    }
}

extension ControlCode {
    /// The sentence of the registry; `{limit}` stands for the limit that was passed.
    public var message: String {
        switch self {
        case .badVersion: "The first line of a frame starts with Orbit"
        case .badAction: "The second line of a frame names an action this server knows: Event"
        case .badHeader: "A header line is UTF-8 text of the form name: value"
        case .missingID: "An event needs an id"
        case .badID: "An id has 1 to {limit} bytes"
        case .badKey: "A recipient has three parts: user, session, /location"
        case .missingLength: "An event needs a length"
        case .badLength: "A length is a decimal number of bytes"
        case .duplicateHeader: "A frame has one id and one length"
        case .lineTooLong: "A line is longer than {limit} bytes"
        case .tooManyHeaders: "A frame has more than {limit} headers besides its recipients"
        case .tooManyRecipients: "An event names more than {limit} recipients"
        case .bodyTooLarge: "A body is larger than {limit} bytes"
        case .unreachable: "Failed to reach one or more recipients"
        case .expired: "The event waited longer than it may"
        case .overflow: "Too many events wait for this recipient"
        case .frameTimeout: "A frame was not finished within {limit} seconds"
        case .shuttingDown: "The server is shutting down"
        case .tooManyConnections: "More than {limit} control connections are open"
        }
    }
}
