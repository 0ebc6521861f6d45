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
    }

    let key: ConnectionKey
    let transport: String
    let form: URLForm

    /// Whether a path is of the form with a bar, which is always Orbited's. A query never is. [BRW-5] [BRW-6]
    static func isBarForm(_ path: Substring) -> Bool { bar(in: path) != nil }

    /// Reads `/location|user,session,transport`.
    init(barForm path: Substring, defaults: Defaults) throws(HTTPFault) {
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
            transport: names.count > 2 ? names[2] : "iframe",
            form: .bar)
    }

    /// Reads `/location?user=U&session=S&transport=T`; a form's fields and a cookie fill what the query lacks.
    init(query: FormFields, form: FormFields, cookie: String?, path: Substring, defaults: Defaults) throws(HTTPFault) {
        guard let user = query["user"] ?? form["user"] else { throw .noUser }
        try self.init(
            location: path,
            user: user,
            session: query["session"] ?? form["session"] ?? cookie ?? defaults.session,
            transport: query["transport"] ?? form["transport"] ?? defaults.transport,
            form: .query)
    }

    private init(location: Substring, user: String, session: String, transport: String, form: URLForm) throws(HTTPFault)
    {
        guard let location = location.percentDecoded() else { throw .badEncoding }
        do {
            key = try ConnectionKey(user: user, session: session, location: location)
        } catch {
            throw HTTPFault(status: .badRequest, message: "\(error).")
        }
        self.transport = transport
        self.form = form
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
