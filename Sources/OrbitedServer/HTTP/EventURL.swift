import OrbitedCore
import OrbitedTransports
import OrbitedWire

/// What a browser asks for: the events of a key, on a transport. [BRW-11] to [BRW-28]
struct EventURL: Equatable {
    /// What holds when a URL leaves a part out.
    struct Defaults {
        /// `[global] session.default_key`
        var session = "0"
        /// `[transport] default`, for URLs with a query.
        var transport = "sse"
        /// For URLs with a bar.
        static let barTransport = "iframe"
        /// For requests that ask for a WebSocket and name none.
        static let socketTransport = "ws"
    }

    let key: ConnectionKey
    let transport: String
    let form: URLForm
    /// What the browser says of the events it has seen. [BRW-95]
    let comeback: Comeback
    /// The function that `jsonp` calls.
    let callback: String?
    /// What the browser acknowledges, when that is all it wants. [BRW-101]
    let acknowledged: Cursor?

    /// Whether a path is of the form with a bar, which is always Orbited's. A query never is. [BRW-5] [BRW-6]
    static func isBarForm(_ path: Substring) -> Bool { bar(in: path) != nil }

    /// Reads `/location|user,session,transport`; a cursor comes in the header `Last-Event-ID` alone.
    init(barForm path: Substring, lastEventID: String?, defaults: Defaults) throws(HTTPFault) {
        guard let bar = Self.bar(in: path) else { throw .noUser }
        let parts = path[bar.upperBound...].parts(separatedBy: ",", atMost: 4)
        guard parts.count <= 3 else { throw .tooManyParts }
        var names: [String] = []
        for part in parts {
            guard let name = part.percentDecoded() else { throw .badEncoding }
            names.append(name)
        }
        try self.init(
            location: path[..<bar.lowerBound],
            user: names[0],
            session: names.count > 1 ? names[1] : defaults.session,
            transport: names.count > 2 ? names[2] : Defaults.barTransport,
            form: .bar,
            last: lastEventID)
    }

    /// Reads `/location?user=U&session=S&transport=T`; a form's fields and a cookie fill what the query lacks.
    ///
    /// - Parameter asksForSocket: whether the request wants a WebSocket, which then is its transport. [WSK-2]
    init(
        query: FormFields, form: FormFields, cookie: String?, path: Substring, lastEventID: String?,
        asksForSocket: Bool = false, defaults: Defaults
    ) throws(HTTPFault) {
        guard let user = query["user"] ?? form["user"] else { throw .noUser }
        func field(_ name: String) -> String? { query[name] ?? form[name] }
        try self.init(
            location: path,
            user: user,
            session: field("session") ?? cookie ?? defaults.session,
            transport: field("transport") ?? (asksForSocket ? Defaults.socketTransport : defaults.transport),
            form: .query,
            last: lastEventID ?? field("last"),
            callback: field("callback"),
            acknowledged: field("ack"))
    }

    private init(
        location: Substring, user: String, session: String, transport: String, form: URLForm, last: String?,
        callback: String? = nil, acknowledged: String? = nil
    ) throws(HTTPFault) {
        guard let location = location.percentDecoded() else { throw .badEncoding }
        do {
            key = try ConnectionKey(user: user, session: session, location: location)
        } catch {
            throw HTTPFault(status: .badRequest, message: "\(error).")
        }
        self.transport = transport
        self.form = form
        self.callback = callback
        self.comeback = last.map { Cursor($0).map(Comeback.after) ?? .unreadable } ?? .anew
        if let acknowledged {
            guard let cursor = Cursor(acknowledged) else { throw .badCursor }
            self.acknowledged = cursor
        } else {
            self.acknowledged = nil
        }
    }

    /// The first bar of a path, as it is or as `%7C`. By bytes: what follows it may be a combining mark.
    private static func bar(in path: Substring) -> Range<Substring.Index>? {
        let bytes = path.utf8
        for index in bytes.indices {
            switch bytes[index] {
            case UInt8(ascii: "|"):
                return index..<bytes.index(after: index)
            case UInt8(ascii: "%"):
                let end = bytes.index(index, offsetBy: 3, limitedBy: bytes.endIndex) ?? bytes.endIndex
                if path[index..<end].lowercased() == "%7c" { return index..<end }
            default:
                break
            }
        }
        return nil
    }
}
