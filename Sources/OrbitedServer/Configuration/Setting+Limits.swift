extension Setting {
    /// Section [limits]: what bounds each buffer, each number and each wait.
    static let limits: [Setting] = [
        Setting(
            .limits, "control.line", .bytes(64...SettingBound.buffer), \.control.maxLine,
            "How long a line of a frame's head may be."),
        Setting(
            .limits, "control.headers", .count(2...SettingBound.many, "headers"), \.control.maxHeaders,
            "How many headers a frame may have beside its recipients."),
        Setting(
            .limits, "control.recipients", .count(1...SettingBound.many, "recipients"), \.control.maxRecipients,
            "How many recipients an event may name."),
        Setting(
            .limits, "control.body", .bytes(0...SettingBound.buffer), \.control.maxBody,
            "How large an event's body may be."),
        Setting(
            .limits, "control.head", .bytes(256...SettingBound.large), \.control.maxHead,
            "How large a frame's head may be, all its lines together."),
        Setting(
            .limits, "control.frame_timeout", .someSeconds, \.control.frameTimeout,
            "How long a frame may take from its first byte to its last."),
        Setting(
            .limits, "control.in_flight", .count(1...SettingBound.many, "events"), \.control.maxInFlight,
            "How many unanswered events a control connection may have before it is read no further."),
        Setting(
            .limits, "control.in_flight_bytes", .bytes(1...SettingBound.large), \.control.maxInFlightBytes,
            "How large the bodies of a control connection's unanswered events may be before it is read no further."),
        Setting(
            .limits, "control.connections", .count(1...SettingBound.many, "connections"), \.control.maxConnections,
            "How many control connections may be open at once."),
        Setting(
            .limits, "http.head", .bytes(256...SettingBound.buffer), \.http.maxHead,
            "How large the head of a browser's request may be."),
        Setting(
            .limits, "http.head_timeout", .someSeconds, \.http.headTimeout,
            "How long the head of a browser's request may take to arrive."),
        Setting(
            .limits, "http.idle_timeout", .someSeconds, \.http.idleTimeout,
            "How long a browser's connection stays open between two requests."),
        Setting(
            .limits, "http.write_timeout", .someSeconds, \.http.writeTimeout,
            "How long a browser's socket may take nothing before it is dropped."),
        Setting(
            .limits, "http.form", .bytes(1...SettingBound.buffer), \.http.maxForm,
            "How large a posted form may be."),
        Setting(
            .limits, "ws.message", .bytes(125...SettingBound.buffer), \.http.maxMessage,
            "How large a browser's message on a WebSocket may be."),
        Setting(
            .limits, "http.connections", .count(1...SettingBound.many, "connections"), \.http.maxConnections,
            "How many browser connections may be open at once."),
        Setting(
            .limits, "session.waiting", .count(0...SettingBound.many, "events"), \.session.maxWaiting,
            "How many events may wait for an absent browser; session.overflow says what becomes of more."),
        Setting(
            .limits, "session.waiting_bytes", .bytes(0...SettingBound.large), \.session.maxWaitingBytes,
            "How large the events that wait for an absent browser may be together."),
        Setting(
            .limits, "session.polls", .count(1...SettingBound.many, "polls"), \.session.maxPolls,
            "How many polls of one session may wait at once; one more answers the oldest empty."),
        Setting(
            .limits, "session.replay", .count(0...SettingBound.many, "events"), \.session.maxReplay,
            "How many written events are kept to be sent again, until the browser shows that it has them."),
        Setting(
            .limits, "session.replay_bytes", .bytes(0...SettingBound.large), \.session.maxReplayBytes,
            "How large the events that are kept to be sent again may be together."),
        Setting(
            .limits, "session.replay_age", .someSeconds, \.session.replayAge,
            "How old an event may be that is sent again."),
        Setting(
            .limits, "proxy.connect_timeout", .someSeconds, \.proxy.connectTimeout,
            "How long connecting to a proxied application may take."),
        Setting(
            .limits, "proxy.response_timeout", .someSeconds, \.proxy.responseTimeout,
            "How long a proxied application may be silent, before its response or in the middle of it."),
        Setting(
            .limits, "callbacks.waiting", .count(1...SettingBound.many, "callbacks"), \.callbacks.maxWaiting,
            "How many callbacks may wait for the application; one more is dropped."),
        Setting(
            .limits, "callbacks.waiting_bytes", .bytes(1024...SettingBound.large), \.callbacks.maxWaitingBytes,
            "How large the callbacks that wait may be together; beyond, they are dropped."),
    ]
}
