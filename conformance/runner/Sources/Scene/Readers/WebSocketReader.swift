/// Reads what comes on a WebSocket as items.
struct WebSocketReader {
    private var order = CursorOrder()
    /// Whether a ping of the heartbeat has come, and its message has not.
    private var isBeforeBeat = false
    /// The object that told the end, before its close frame.
    private var last: (word: String, reason: String?)?

    /// The closes that an object announces [WSK-16] [WSK-29], by their codes.
    private static let announced = [1001: "shutdown", 4001: "replaced", 4002: "closed"]

    /// The item of the next arrivals; nil if it needs more.
    mutating func next(_ arrivals: inout [WebSocket.Arrival]) throws -> JSONValue? {
        var count = 0
        defer { arrivals.removeFirst(count) }
        for arrival in arrivals {
            count += 1
            if let item = try item(arrival) { return item }
        }
        return nil
    }

    private mutating func item(_ arrival: WebSocket.Arrival) throws -> JSONValue? {
        if case .text(let bytes) = arrival { return try item(bytes[...]) }
        guard !isBeforeBeat else { throw Violation("no message `{}` followed the ping of the heartbeat [WSK-11]") }
        switch arrival {
        case .text: return nil
        case .violation(let violation): throw violation
        case .pong(let payload): return ["pong": .string(String(decoding: payload, as: UTF8.self))]
        case .ping(let payload):
            guard payload.isEmpty else { throw Violation("the ping of the heartbeat has a payload [WSK-11]", payload) }
            isBeforeBeat = true
            return nil
        case .close(let code, let reason, let isAnswer): return try close(code, reason, isAnswer)
        }
    }

    private mutating func item(_ bytes: ArraySlice<UInt8>) throws -> JSONValue? {
        let object = try CursorObject(bytes)
        guard (object == .heartbeat) == isBeforeBeat else {
            throw Violation("the heartbeat is a ping, and right behind it the message `{}` [WSK-11]", bytes)
        }
        isBeforeBeat = false
        try order.take(object, bytes)
        // Its close frame makes the item.
        if case .closed(let word, let reason) = object {
            last = (word, reason)
            return nil
        }
        return object.item
    }

    private func close(_ code: Int?, _ reason: String, _ isAnswer: Bool) throws -> JSONValue {
        if !isAnswer || last != nil {
            let announced = code.flatMap { Self.announced[$0] }
            guard announced == last?.word else {
                throw Violation(
                    "a close frame with 1001, 4001 or 4002, and no other, stands behind its message [WSK-16] [WSK-29]",
                    "the code \(code.map(String.init) ?? "none") behind the message \(last?.word ?? "none")")
            }
        }
        var item = Item.closed(reason, reason: last?.reason).object ?? [:]
        item["code"] = code.map { .number(Double($0)) }
        return .object(item)
    }
}
