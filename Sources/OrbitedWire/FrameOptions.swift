/// The headers of Orbit 1.1 that only some actions have, while a frame arrives. [CTL-107] [CTL-108]
struct FrameOptions: Sendable {
    /// Their names.
    enum Name: String, CaseIterable, Sendable {
        case ack, ttl, state, epoch, sequence, watch, limit, reason
    }

    private(set) var ack = EventFrame.Ack.written
    private(set) var ttl: Int?
    private(set) var state = false
    private(set) var epoch: String?
    private(set) var sequence: UInt64?
    private(set) var watch: String?
    private(set) var limit = ControlLimits.defaultList
    private(set) var reason = ""
    private var seen: Set<Name> = []

    /// Takes a header, if the action has it; answers what is wrong with it, if anything is.
    mutating func take(
        _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, for action: ControlAction
    ) -> ControlCode? {
        guard let option = action.options.first(where: { name.equalsIgnoringCase($0.rawValue) }) else { return nil }
        guard seen.insert(option).inserted else { return .duplicateHeader }
        return take(option, value) ? nil : .badValue
    }

    /// Whether the value is one that the header may have.
    private mutating func take(_ option: Name, _ value: UnsafeRawBufferPointer) -> Bool {
        let text = String(decoding: value, as: UTF8.self)
        switch option {
        case .ack:
            guard let kind = EventFrame.Ack(rawValue: text) else { return false }
            ack = kind
        case .ttl:
            ttl = value.decimal(atMost: ControlLimits.length)
            return ttl != nil
        case .state:
            state = text == "yes"
            return state || text == "no"
        case .epoch:
            guard Cursor.isCursor(text.utf8) else { return false }
            epoch = text
        case .sequence:
            sequence = value.decimal(atMost: ControlLimits.length).map(UInt64.init)
            return sequence != nil
        case .watch:
            watch = text
            return (1...ControlLimits.id).contains(value.count)
        case .limit:
            limit = value.decimal(atMost: ControlLimits.maxList) ?? 0
            return limit > 0
        case .reason:
            reason = text
            return (1...ControlLimits.reason).contains(value.count)
        }
        return true
    }

    /// Whether something is missing that the action needs. [CTL-109]
    func isIncomplete(for action: ControlAction, recipients: Int) -> Bool {
        switch action {
        case .watch: recipients != 1 || (epoch == nil) != (sequence == nil)
        case .unwatch: watch == nil
        case .event, .auth, .ping, .list, .close: false
        }
    }
}
