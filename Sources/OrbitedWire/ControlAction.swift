/// What a frame is for: its second line. [CTL-12] [CTL-104]
enum ControlAction: String, CaseIterable, Sendable {
    case event = "Event"
    case auth = "Auth"
    case ping = "Ping"
    case watch = "Watch"
    case unwatch = "Unwatch"
    case list = "List"
    case close = "Close"

    init?(line: UnsafeRawBufferPointer) {
        guard let action = Self.allCases.first(where: { line.elementsEqual($0.rawValue.utf8) }) else { return nil }
        self = action
    }

    /// The headers that it has beside `id`, `length` and `recipient`.
    var options: [FrameOptions.Name] {
        switch self {
        case .event: [.ack, .ttl]
        case .watch: [.state, .epoch, .sequence]
        case .unwatch: [.watch]
        case .list: [.limit]
        case .close: [.reason]
        case .auth, .ping: []
        }
    }

    /// Whether it has a use for `recipient`.
    var hasRecipients: Bool {
        switch self {
        case .event, .watch, .list, .close: true
        case .auth, .ping, .unwatch: false
        }
    }
}
