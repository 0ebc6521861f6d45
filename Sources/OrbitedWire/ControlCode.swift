/// The codes of the control wire, as in `protocol/registry.json`.
///
/// The range tells whether a retry can help: 1xx a malformed frame, 2xx a limit, 3xx the fate of a recipient
/// (none of them mend by sending the same again at once), 4xx a passing state of the server (retry later), 5xx what the
/// client may not do.
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
    case unknownAction = 110
    case badValue = 111
    case missingHeader = 112
    case unknownWatch = 113
    case lineTooLong = 201
    case tooManyHeaders = 202
    case tooManyRecipients = 203
    case bodyTooLarge = 204
    case headTooLarge = 205
    case tooManyWatches = 206
    case unreachable = 301
    case expired = 302
    case overflow = 303
    case refused = 304
    case unconfirmed = 305
    case frameTimeout = 401
    case shuttingDown = 402
    case tooManyConnections = 403
    case watchOverflow = 404
    case authRequired = 501
    case authFailed = 502

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
        case .unknownAction: "unknown_action"
        case .badValue: "bad_value"
        case .missingHeader: "missing_header"
        case .unknownWatch: "unknown_watch"
        case .lineTooLong: "line_too_long"
        case .tooManyHeaders: "too_many_headers"
        case .tooManyRecipients: "too_many_recipients"
        case .bodyTooLarge: "body_too_large"
        case .headTooLarge: "head_too_large"
        case .tooManyWatches: "too_many_watches"
        case .unreachable: "unreachable"
        case .expired: "expired"
        case .overflow: "overflow"
        case .refused: "refused"
        case .unconfirmed: "unconfirmed"
        case .frameTimeout: "frame_timeout"
        case .shuttingDown: "shutting_down"
        case .tooManyConnections: "too_many_connections"
        case .watchOverflow: "watch_overflow"
        case .authRequired: "auth_required"
        case .authFailed: "auth_failed"
        }
    }

    /// Whether sending the same event again later can succeed.
    public var retryHelps: Bool { (400..<500).contains(rawValue) }

    /// Whether the server closes the connection after it has told of this. [CTL-80]
    public var closes: Bool {
        switch self {
        case .badVersion, .badLength, .frameTimeout, .shuttingDown, .tooManyConnections, .authFailed: true
        case .badAction, .badHeader, .missingID, .badID, .badKey, .missingLength, .duplicateHeader, .lineTooLong,
            .tooManyHeaders, .tooManyRecipients, .bodyTooLarge, .headTooLarge, .unreachable, .expired, .overflow,
            .unknownAction, .badValue, .missingHeader, .unknownWatch, .tooManyWatches, .refused, .unconfirmed,
            .watchOverflow, .authRequired:
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
        case .unknownAction: "The action is not one of Orbit 1.1"
        case .badValue: "The value of a header is not one that it may have"
        case .missingHeader: "The frame lacks a header that its action needs, or has a second recipient"
        case .unknownWatch: "There is no watch of that name on this connection"
        case .lineTooLong: "A line is longer than {limit} bytes"
        case .tooManyHeaders: "The frame has more than {limit} headers besides its recipients"
        case .tooManyRecipients: "The frame has more than {limit} recipients"
        case .bodyTooLarge: "The body is longer than {limit} bytes"
        case .headTooLarge: "The head is longer than {limit} bytes"
        case .tooManyWatches: "There are already {limit} watches on this connection"
        case .unreachable: "Failed to reach one or more recipients"
        case .expired: "The event expired before its recipient came back"
        case .overflow: "The queue of the recipient's session is full"
        case .refused: "The session of the recipient was closed"
        case .unconfirmed: "The browser did not say that it has the event"
        case .frameTimeout: "The frame was not finished within {limit} seconds"
        case .shuttingDown: "The server is shutting down"
        case .tooManyConnections: "There are already {limit} control connections"
        case .watchOverflow: "More than {limit} notices wait to be read"
        case .authRequired: "The connection has not been let in by an Auth"
        case .authFailed: "The secret is not the server's"
        }
    }
}
