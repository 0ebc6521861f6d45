/// What a frame is for: its second line. [CTL-12] [CTL-104]
public enum ControlAction: String, CaseIterable, Sendable {
    /// What is for browsers.
    case event = "Event"
    /// What lets a connection in. [CTL-131]
    case auth = "Auth"
    /// What asks for an answer and nothing else. [CTL-135]
    case ping = "Ping"
    /// What asks for notices. [CTL-137]
    case watch = "Watch"
    /// What ends a watch. [CTL-145]
    case unwatch = "Unwatch"
    /// What asks for keys. [CTL-148]
    case list = "List"
    /// What ends sessions. [CTL-150]
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
