/// What a browser has to know of a transport.
struct Transport: Hashable, Sendable {
    /// How a response comes.
    enum Kind: Hashable { case stream, poll, webSocket }

    let name: String
    let kind: Kind
    /// Of a response with status 200; empty with a WebSocket, which has none.
    let contentType: String
    let hasCursors: Bool

    /// The transport of that name, as its page says.
    init?(_ name: String) {
        guard let known = Self.known[name] else { return nil }
        (kind, contentType, hasCursors) = known
        self.name = name
    }

    private static let html = "text/html; charset=utf-8"

    private static let known: [String: (Kind, String, Bool)] = [
        "sse": (.stream, "text/event-stream", true),
        "ws": (.webSocket, "", true),
        "ndjson": (.stream, "application/x-ndjson", true),
        "poll": (.poll, "application/json", true),
        "jsonp": (.poll, "text/javascript; charset=utf-8", true),
        "xhr": (.poll, "text/plain; charset=utf-8", false),
        "iframe": (.stream, html, false),
        "iframe_domain": (.stream, html, false),
        "xhr_stream": (.stream, "application/x-orbited-event-stream", false),
        "xhr_multipart": (.stream, "multipart/x-mixed-replace;boundary=\"orbited--\"", false),
        "server_sent_events": (.stream, "application/x-dom-event-stream", false),
        "iframe_raw": (.stream, html, false),
        "iframe_alert": (.stream, html, false),
        "raw": (.stream, html, false),
        "stream": (.stream, html, false),
        "basic": (.stream, html, false),
    ]

    /// The function that `browse` has `jsonp` call.
    static let callback = "take"

    /// What reads the response as items; nil if no items are known.
    var reader: (any ItemReader)? {
        switch name {
        case "sse": SSEReader()
        case "ndjson": NDJSONReader()
        case "poll": PollReader()
        case "jsonp": PollReader(callback: Self.callback)
        case "xhr": XHRReader()
        case "xhr_stream": XHRStreamReader()
        default: nil
        }
    }
}
