/// What the head of a client's frame may hold.
enum FrameRules {
    private static let mostHeaders = 64
    private static let mostRecipients = 100_000
    private static let longestID = 255
    /// 2^53 - 1.
    private static let greatestNumber = 9_007_199_254_740_991

    /// The headers beside `id`, `length` and `recipient` that an action has [CTL-106].
    private static let ownHeaders: [String: [String]] = [
        "Event": ["ack", "ttl"], "Auth": [], "Ping": [], "Watch": ["state", "epoch", "sequence"],
        "Unwatch": ["watch"], "List": ["limit"], "Close": ["reason"],
    ]

    static func actions(of version: String) -> [String] {
        version == "1.0" ? ["Event"] : Array(ownHeaders.keys)
    }

    static func header(_ line: String) throws -> Frame.Header {
        guard let header = Frame.Header(line, separator: ": ") else {
            throw Violation("A header is a name, a colon and a space, and a value [CTL-13]: \(line)")
        }
        return header
    }

    /// Looks at a whole head.
    ///
    /// - Returns: the length of the body.
    static func length(of frame: Frame) throws -> Int {
        let recipients = frame.headers.filter { $0.name == "recipient" }
        try check(recipients.count <= mostRecipients, "A frame has at most \(mostRecipients) recipients [CTL-65]")
        try check(
            frame.headers.count - recipients.count <= mostHeaders,
            "A frame has at most \(mostHeaders) headers beside its recipients [CTL-67]")
        guard let id = try only("id", of: frame), (1...longestID).contains(id.utf8.count) else {
            throw Violation("A frame has an id of 1 to \(longestID) bytes [CTL-18]")
        }
        for recipient in recipients {
            try check(
                isRecipient(recipient.value, patterns: frame.version == "1.1"),
                "A recipient is of the form user, session, /location [CTL-23]: \(recipient.value)")
        }
        for name in ownHeaders[frame.action] ?? [] where frame.version == "1.1" {
            guard let value = try only(name, of: frame) else { continue }
            try check(isValue(value, of: name), "The value of \(name) can't be \(value.debugDescription) [CTL-108]")
        }
        try checkWhole(frame, recipients: recipients.count)
        return try bodyLength(of: frame)
    }

    private static func checkWhole(_ frame: Frame, recipients: Int) throws {
        if frame.action == "Watch" {
            try check(recipients == 1, "A Watch has one recipient, not \(recipients) [CTL-109]")
            let isPaired = try (only("epoch", of: frame) == nil) == (only("sequence", of: frame) == nil)
            try check(isPaired, "A Watch has both epoch and sequence or none [CTL-109]")
        }
        if frame.action == "Unwatch" {
            try check(try only("watch", of: frame) != nil, "An Unwatch has the header watch [CTL-109]")
        }
    }

    private static func bodyLength(of frame: Frame) throws -> Int {
        guard let text = try only("length", of: frame) else {
            try check(frame.action != "Event", "An Event has a length [CTL-27]")
            return 0
        }
        guard let length = number(text) else {
            throw Violation("A length is a decimal number up to 2^53-1 [CTL-27], not \(text)")
        }
        return length
    }

    /// The value of a header that is there once at most.
    private static func only(_ name: String, of frame: Frame) throws -> String? {
        let values = frame.headers.filter { $0.name == name }
        try check(values.count <= 1, "A frame has one \(name) at most [CTL-68] [CTL-107]")
        return values.first?.value
    }

    private static func isValue(_ value: String, of name: String) -> Bool {
        switch name {
        case "ack": value == "written" || value == "browser"
        case "state": value == "yes" || value == "no"
        case "ttl", "sequence": number(value) != nil
        case "limit": number(value).map { (1...100_000).contains($0) } ?? false
        case "epoch": Cursor.isValid(value.utf8)
        case "reason": (1...100).contains(value.utf8.count)
        case "watch": (1...longestID).contains(value.utf8.count)
        default: true
        }
    }

    private static func number(_ text: String) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int(text), number <= greatestNumber
        else { return nil }
        return number
    }

    /// [CTL-22] [CTL-23] [CTL-111]
    private static func isRecipient(_ value: String, patterns: Bool) -> Bool {
        let parts = value.utf8.split(separator: ", ".utf8, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty }) else { return false }
        let isAny = patterns && parts[2].elementsEqual("*".utf8)
        guard parts[2].first == UInt8(ascii: "/") || isAny else { return false }
        return value.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    }

    private static func check(_ holds: Bool, _ sentence: String) throws {
        guard holds else { throw Violation(sentence) }
    }
}
