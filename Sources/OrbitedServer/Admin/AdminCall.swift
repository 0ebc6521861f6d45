import NIOCore
import NIOHTTP1
import OrbitedJSON
import OrbitedWire

/// What a request on the admin port asks for. `protocol/control-http.md`
enum AdminCall: Equatable {
    case health
    case event(keys: [ConnectionKey], body: ByteBuffer, EventFrame.Terms)
    case keys(Recipients, limit: Int)
    case close(Recipients, reason: String)

    /// Whether a request needs no secret. [HTC-4]
    static func isOpen(_ target: RequestTarget) -> Bool { target.path == "/health" }

    /// Reads a request.
    ///
    /// - Throws: ``AdminFault`` that says what is wrong with it.
    init(_ method: HTTPMethod, _ target: RequestTarget, body: ByteBuffer, limits: ControlLimits) throws(AdminFault) {
        switch (target.path, method) {
        case ("/health", .GET): self = .health
        case ("/v1/events", .POST): self = try Self.event(AdminFields(body, limits), limits)
        case ("/v1/close", .POST): self = try Self.close(AdminFields(body, limits), limits)
        case ("/v1/keys", .GET): self = try Self.keys(target.query ?? "", limits)
        case ("/health", _), ("/v1/keys", _): throw .notAllowed("GET")
        case ("/v1/events", _), ("/v1/close", _): throw .notAllowed("POST")
        default: throw .noPage
        }
    }

    /// [HTC-5] to [HTC-7]
    private static func event(_ fields: AdminFields, _ limits: ControlLimits) throws(AdminFault) -> AdminCall {
        try fields.refuse(allBut: ["recipients", "body", "text", "ack", "ttl"])
        let recipients = try fields.recipients(limits)
        let body: ByteBuffer
        switch (fields["body"], fields["text"]) {
        case (let value?, nil): body = ByteBuffer(bytes: value.compactBytes)
        case (nil, let text?):
            guard let text = text.stringValue else { throw .badValue("text must be a string") }
            body = ByteBuffer(string: text)
        case (nil, nil), (_?, _?): throw .badValue("an event has either body, any JSON value, or text, a string")
        }
        guard body.readableBytes <= limits.body else {
            throw AdminFault(ControlFault(.bodyTooLarge, limit: limits.body))
        }
        var terms = EventFrame.Terms(patterns: recipients.patterns)
        if let ack = fields["ack"] {
            guard let kind = ack.stringValue.flatMap(EventFrame.Ack.init) else {
                throw .badValue("ack must be \"written\" or \"browser\"")
            }
            terms.ack = kind
        }
        terms.ttl = try fields.number("ttl", in: 0...ControlLimits.length)
        return .event(keys: recipients.keys, body: body, terms)
    }

    /// [HTC-9]
    private static func close(_ fields: AdminFields, _ limits: ControlLimits) throws(AdminFault) -> AdminCall {
        try fields.refuse(allBut: ["recipients", "reason"])
        let reason = fields["reason"].map { $0.stringValue }
        if let reason {
            guard let reason, (1...ControlLimits.reason).contains(reason.utf8.count),
                !reason.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D })
            else { throw .badValue("reason must be one line of 1 to \(ControlLimits.reason) bytes") }
        }
        return .close(try fields.recipients(limits), reason: (reason ?? nil) ?? "")
    }

    /// [HTC-8]
    private static func keys(_ query: Substring, _ limits: ControlLimits) throws(AdminFault) -> AdminCall {
        var recipients: [String] = []
        var limit = ControlLimits.defaultList
        for pair in query.parts(separatedBy: "&") where !pair.isEmpty {
            let halves = pair.parts(separatedBy: "=", atMost: 2)
            guard let name = halves[0].percentDecoded(plusIsSpace: true),
                let value = halves.count > 1 ? halves[1].percentDecoded(plusIsSpace: true) : ""
            else { throw .badValue("the query is not percent-encoded UTF-8") }
            switch name {
            case "recipient": recipients.append(value)
            case "limit":
                guard let number = DecimalText.whole(value), (1...ControlLimits.maxList).contains(number) else {
                    throw .badValue("limit must be a number from 1 to \(ControlLimits.maxList)")
                }
                limit = number
            default: throw .badValue("there is no field \(name.prefix(80).quoted); there are recipient and limit")
            }
        }
        if recipients.isEmpty { recipients = ["*, *, *"] }
        return .keys(try AdminFields.recipients(recipients, limits), limit: limit)
    }
}
