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
    case headTooLarge = 205
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
        case .headTooLarge: "head_too_large"
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

    /// Whether the server closes the connection after it has told of this. [CTL-80]
    public var closes: Bool {
        switch self {
        case .badVersion, .badLength, .frameTimeout, .shuttingDown, .tooManyConnections: true
        case .badAction, .badHeader, .missingID, .badID, .badKey, .missingLength, .duplicateHeader, .lineTooLong,
            .tooManyHeaders, .tooManyRecipients, .bodyTooLarge, .headTooLarge, .unreachable, .expired, .overflow:
            false
        }
    }
}

extension ControlCode {
    /// The sentence of the registry; `{limit}` stands for the limit that was passed.
    public var message: String {
        switch self {
        case .badVersion: "The frame does not begin with Orbit"
        case .badAction: "The action is not Event"
        case .badHeader: "A line is not plain UTF-8 text, or is a header without colon and space"
        case .missingID: "The frame has no id"
        case .badID: "The id is empty or longer than {limit} bytes"
        case .badKey: "A recipient is not of the form user, session, /location"
        case .missingLength: "The frame has no length"
        case .badLength: "The length is not a whole number from 0 to {limit}"
        case .duplicateHeader: "The frame has a second id or a second length"
        case .lineTooLong: "A line is longer than {limit} bytes"
        case .tooManyHeaders: "The frame has more than {limit} headers besides its recipients"
        case .tooManyRecipients: "The frame has more than {limit} recipients"
        case .bodyTooLarge: "The body is longer than {limit} bytes"
        case .headTooLarge: "The head is longer than {limit} bytes"
        case .unreachable: "Failed to reach one or more recipients"
        case .expired: "The event expired before its recipient came back"
        case .overflow: "The queue of the recipient's session is full"
        case .frameTimeout: "The frame was not finished within {limit} seconds"
        case .shuttingDown: "The server is shutting down"
        case .tooManyConnections: "There are already {limit} control connections"
        }
    }
}
