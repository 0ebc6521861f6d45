import NIOCore
import NIOHTTP1
import OrbitedTransports
import OrbitedWire

/// A request that Orbited answers itself, while it comes in and when it is whole. No I/O.
struct OwnRequest {
    /// What the head asks for.
    enum Question {
        case fault(HTTPFault)
        case options
        case file(String)
        case bar(Substring)
        case query(RequestTarget)

        init(_ head: HTTPRequestHead, target: RequestTarget, path: Route.OwnPath) {
            guard head.method != .OPTIONS else {
                self = .options
                return
            }
            guard target.path != "*" else {
                self = .fault(.badTarget)
                return
            }
            guard [.GET, .HEAD, .POST].contains(head.method) else {
                self = .fault(.badMethod)
                return
            }
            switch path {
            case .bar: self = .bar(target.path)
            case .file(let name): self = .file(name)
            case .query: self = .query(target)
            }
        }

        /// The target can't be read; the method is looked at first. [BRW-30]
        static func badTarget(of head: HTTPRequestHead) -> Question {
            switch head.method {
            case .OPTIONS: .options
            case .GET, .HEAD, .POST: .fault(.badTarget)
            default: .fault(.badMethod)
            }
        }
    }

    /// What is to be answered.
    enum Answer {
        case fault(HTTPFault)
        case options
        case file(DaemonFile)
        /// The events of a key, on the transport of that number.
        case events(EventURL, Int)
        /// The same, on a WebSocket.
        case socket(EventURL, Int)
        /// Only thanks for events.
        case acknowledged(Cursor, ConnectionKey)
    }

    let head: HTTPRequestHead
    let isHead: Bool
    let ifNoneMatch: [String]
    let origin: RequestOrigin
    /// Whether a WebSocket is asked for.
    let asksForSocket: Bool
    private let lastEventID: String?
    private let question: Question
    private let cookie: String?
    private let isForm: Bool
    private let maxBody: Int
    private var body = ByteBuffer()
    private var received = 0

    init(head: HTTPRequestHead, question: Question, maxBody: Int) {
        self.head = head
        self.isHead = head.method == .HEAD
        self.ifNoneMatch = head.headers[canonicalForm: "If-None-Match"].map(String.init)
        self.origin = RequestOrigin(head.headers)
        self.asksForSocket = head.asksForSocket
        self.lastEventID = head.headers.first(name: "Last-Event-ID").flatMap { $0.isEmpty ? nil : $0 }
        self.question = question
        self.cookie = head.headers.cookie("session")
        let type = head.headers.first(name: "Content-Type")?.lowercased() ?? ""
        self.isForm = head.method == .POST && type.hasPrefix("application/x-www-form-urlencoded")
        self.maxBody = maxBody
    }

    /// Takes a part of the body, kept if it is a form's; answers whether it is within the bound. [BRW-23] [BRW-45]
    mutating func take(_ bytes: ByteBuffer) -> Bool {
        received += bytes.readableBytes
        if isForm, received <= maxBody { body.writeImmutableBuffer(bytes) }
        return received <= maxBody
    }

    /// Answers the whole request.
    func answer(settings: HTTPSettings) -> Answer {
        do throws(HTTPFault) {
            switch question {
            case .fault(let fault): throw fault
            case .options: return .options
            case .file(let path):
                return .file(try settings.files.file(path))
            case .bar(let path):
                return try events(
                    EventURL(barForm: path, lastEventID: lastEventID, defaults: settings.defaults), settings)
            case .query(let target):
                let form = isForm ? try FormFields(String(buffer: body)) : FormFields()
                let query = try FormFields(target.query ?? "")
                let url = try EventURL(
                    query: query, form: form, cookie: cookie, path: target.path, lastEventID: lastEventID,
                    asksForSocket: asksForSocket, defaults: settings.defaults)
                // The frame hands the events to that page. [IFR-33] [IFD-5]
                let receiver = (query["origin"] ?? form["origin"]).map { origin.made(byPage: $0) }
                let postsToPage = url.transport == "iframe" || url.transport == "iframe_domain"
                guard !postsToPage || receiver.map(settings.origins.verdict) != .foreign else { throw .foreignOrigin }
                return try events(url, settings)
            }
        } catch {
            return .fault(error)
        }
    }

    private func events(_ url: EventURL, _ settings: HTTPSettings) throws(HTTPFault) -> Answer {
        // Before any session is touched. [BRW-124]
        guard settings.origins.verdict(on: origin) != .foreign else { throw .foreignOrigin }
        if let cursor = url.acknowledged { return .acknowledged(cursor, url.key) }
        let transports = settings.transports
        guard let number = transports.number(of: url.transport, in: url.form) else {
            if transports.isOff(url.transport) { throw .rawTransport(url.transport) }
            throw .transport(url.transport, known: transports.names)
        }
        let transport = transports.all[number]
        if transport.needsCallback, !CallbackName.isValid(url.callback ?? "") { throw .badCallback }
        guard transport.carrier == .webSocket else { return .events(url, number) }
        guard asksForSocket else { throw .upgradeNeeded }
        return .socket(url, number)
    }
}

extension HTTPRequestHead {
    /// Whether it asks to go on as a WebSocket, which HTTP/1.0 can't. [WSK-3]
    var asksForSocket: Bool {
        method == .GET && version != .http1_0
            && headers[canonicalForm: "Upgrade"].contains { $0.lowercased() == "websocket" }
            && headers[canonicalForm: "Connection"].contains { $0.lowercased() == "upgrade" }
    }
}
