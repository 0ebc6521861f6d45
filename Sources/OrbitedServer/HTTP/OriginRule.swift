/// The pages of which other origins may have events. `[http] origins`
public enum OriginRule: Sendable, Equatable {
    /// Those of these origins. With none, pages of the server's own origin alone have events.
    case listed([WebOrigin])
    /// All, but no page gets anything that hangs on a cookie of the browser's.
    case any

    /// Says what a request's origin is to this server. [BRW-121] to [BRW-124]
    func verdict(on request: RequestOrigin) -> OriginVerdict {
        if request.isSame { return .same }
        switch self {
        case .any: return .listed(.any)
        case .listed(let origins):
            // The server's own text for it: all streams share that.
            guard let page = request.page, let listed = origins.first(where: { $0 == page }) else { return .foreign }
            return .listed(.one(listed.description))
        }
    }
}

/// What the origin of a request is to this server.
enum OriginVerdict: Equatable {
    /// The server's own; or the request comes from no page at all.
    case same
    /// Another one, whose pages may read the response.
    case listed(AllowedOrigin)
    /// Another one, whose pages get nothing.
    case foreign

    /// Whom to let read the response, beside pages of the server's own origin.
    var allowed: AllowedOrigin? {
        switch self {
        case .listed(let allowed): allowed
        case .same, .foreign: nil
        }
    }
}

/// Whom the CORS headers of a response let read it. <https://fetch.spec.whatwg.org/#http-cors-protocol>
enum AllowedOrigin: Equatable, Sendable {
    /// Any page, but not with credentials: that is not allowed together. [BRW-126]
    case any
    /// The pages of one origin, as browsers write it, with credentials too. [BRW-125]
    case one(String)

    /// What is added to each response.
    var headers: [(String, String)] {
        switch self {
        case .any: [("Access-Control-Allow-Origin", "*")]
        case .one(let origin):
            [
                ("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Credentials", "true"),
                ("Vary", "Origin"),
            ]
        }
    }

    /// What is added to the answer of a preflight besides. [BRW-127]
    static let preflightHeaders = [
        ("Access-Control-Allow-Methods", "GET, POST"),
        ("Access-Control-Allow-Headers", "last-event-id, cache-control, content-type"),
        ("Access-Control-Max-Age", "600"),
    ]
}
