/// The head of one frame while it arrives: version line, action line, headers, blank line.
///
/// Violations are found line by line, and the first one is kept; it is told at the blank line, so that an id which
/// comes later is still used. [CTL-57] [CTL-75]
struct FrameHead: Sendable {
    /// How a head ends.
    enum End {
        /// A good head; the body has this many bytes.
        case body(length: Int)
        /// A bad one: the first violation, and how many bytes of body to skip, or `nil` if the end can't be found.
        case fault(ControlFault, skip: Int?)
    }

    private enum Line { case version, action, header }

    private(set) var id: String?
    private(set) var recipients = Recipients()
    /// Whether it is a frame of Orbit 1.1. [CTL-101]
    private(set) var isVersion11 = false
    private(set) var action = ControlAction.event
    private(set) var options = FrameOptions()
    private var length: Int?
    private var fault: ControlFault?
    private var lengthIsBad = false
    private var hasID = false
    private var hasLength = false
    private var recipientCount = 0
    private var otherCount = 0
    private var size = 0
    private var line = Line.version
    private var isDiscardingLine = false
    private var scanned = 0
    private let limits: ControlLimits

    init(limits: ControlLimits) {
        self.limits = limits
    }

    /// Whether a whole line, or the beginning of an overlong one, has been read.
    var hasBegun: Bool { line != .version || isDiscardingLine }

    /// Reads lines; answers how many bytes are used up, and the end of the head if it is reached.
    mutating func read(_ bytes: UnsafeRawBufferPointer) -> (consumed: Int, end: End?) {
        var start = 0
        while true {
            // The bytes are, or can still become, a line that starts with `Orbit`.
            if line == .version, !isDiscardingLine,
                !UnsafeRawBufferPointer(rebasing: bytes[start...]).agrees(with: "Orbit")
            {
                return (bytes.count, .fault(ControlFault(.badVersion), skip: nil))
            }
            guard let newline = bytes.firstIndex(of: UInt8(ascii: "\n"), from: start + scanned) else {
                scanned = bytes.count - start
                if isDiscardingLine || scanned > limits.line + 1 {
                    isDiscardingLine = true
                    scanned = 0
                    return (bytes.count, nil)
                }
                return (start, nil)
            }
            scanned = 0
            var end = newline
            if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
            let content = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
            size += newline + 1 - start
            start = newline + 1
            if let headEnd = take(content) { return (start, headEnd) }
        }
    }

    /// Takes one line without its end.
    private mutating func take(_ content: UnsafeRawBufferPointer) -> End? {
        let isTooLong = isDiscardingLine || content.count > limits.line
        isDiscardingLine = false
        if isTooLong { note(ControlFault(.lineTooLong, limit: limits.line)) }
        if size > limits.head { note(ControlFault(.headTooLarge, limit: limits.head)) }
        switch line {
        case .version:
            line = .action
            isVersion11 = content.equals("Orbit 1.1")
            if !isTooLong { checkCharacters(content) }
        case .action:
            line = .header
            guard !isTooLong, checkCharacters(content) else { return nil }
            takeAction(content)
        case .header:
            guard !isTooLong else { return nil }
            if content.isEmpty { return end() }
            takeHeader(content)
        }
        return nil
    }

    private mutating func takeAction(_ content: UnsafeRawBufferPointer) {
        let known = ControlAction(line: content)
        if isVersion11, let known {
            action = known
        } else if known != .event {
            note(ControlFault(isVersion11 ? .unknownAction : .badAction))
        }
    }

    private mutating func takeHeader(_ content: UnsafeRawBufferPointer) {
        guard let split = content.firstSeparator(UInt8(ascii: ":")) else {
            if checkCharacters(content) { note(ControlFault(.badHeader)) }
            return
        }
        let name = UnsafeRawBufferPointer(rebasing: content[..<split])
        let value = UnsafeRawBufferPointer(rebasing: content[(split + 2)...])
        if action.hasRecipients, name.equalsIgnoringCase("recipient") {
            takeRecipient(value, in: content)
        } else if checkCharacters(content) {
            otherCount += 1
            if otherCount > limits.headers { note(ControlFault(.tooManyHeaders, limit: limits.headers)) }
            if name.equalsIgnoringCase("id") { takeID(value) }
            if name.equalsIgnoringCase("length") { takeLength(value) }
            if isVersion11, let code = options.take(name, value, for: action) { note(ControlFault(code)) }
        }
    }

    private mutating func takeRecipient(_ value: UnsafeRawBufferPointer, in content: UnsafeRawBufferPointer) {
        recipientCount += 1
        guard recipientCount <= limits.recipients else {
            if checkCharacters(content) { note(ControlFault(.tooManyRecipients, limit: limits.recipients)) }
            return
        }
        // A frame that has failed already keeps nothing.
        guard fault == nil else { return }
        do {
            if isVersion11, value.contains(KeyPattern.star), let pattern = try KeyPattern(value) {
                recipients.patterns.append(pattern)
            } else {
                recipients.keys.append(try ConnectionKey(value))
            }
        } catch {
            if checkCharacters(content) { note(ControlFault(.badKey)) }
        }
    }

    private mutating func takeID(_ value: UnsafeRawBufferPointer) {
        if hasID { return note(ControlFault(.duplicateHeader)) }
        hasID = true
        guard !value.isEmpty, value.count <= ControlLimits.id else {
            return note(ControlFault(.badID, limit: ControlLimits.id))
        }
        id = String(decoding: value, as: UTF8.self)
    }

    private mutating func takeLength(_ value: UnsafeRawBufferPointer) {
        if hasLength {
            note(ControlFault(.duplicateHeader))
        } else if let number = value.decimal(atMost: ControlLimits.length) {
            length = number
        } else {
            lengthIsBad = true
            note(ControlFault(.badLength, limit: ControlLimits.length))
        }
        hasLength = true
    }

    /// What the blank line means.
    private mutating func end() -> End {
        if !hasID { note(ControlFault(.missingID)) }
        if !hasLength, action == .event { note(ControlFault(.missingLength)) }
        if options.isIncomplete(for: action, recipients: recipientCount) { note(ControlFault(.missingHeader)) }
        if let length, length > limits.body { note(ControlFault(.bodyTooLarge, limit: limits.body)) }
        guard let fault else { return .body(length: length ?? 0) }
        return .fault(fault, skip: lengthIsBad ? nil : length ?? 0)
    }

    private mutating func note(_ fault: ControlFault) {
        if self.fault == nil { self.fault = fault }
    }

    /// Notes a stray CR or bytes that are not UTF-8; answers whether the line is good.
    @discardableResult
    private mutating func checkCharacters(_ content: UnsafeRawBufferPointer) -> Bool {
        var seen: UInt8 = 0
        for byte in content {
            seen |= byte
            if byte == UInt8(ascii: "\r") {
                note(ControlFault(.badHeader))
                return false
            }
        }
        guard seen < 0x80 || String(validating: content, as: UTF8.self) != nil else {
            note(ControlFault(.badHeader))
            return false
        }
        return true
    }
}
