import OrbitedCore
import OrbitedJSON
import OrbitedWire

/// One thing that the application is told. [CBK-2]
enum Callback: Sendable, Hashable {
    /// A session has begun, or ended.
    case notice(Notice)
    /// An event did not reach a recipient.
    case failure(EventFailure)

    /// The kinds, each with a URL of its own.
    enum Kind: String, Sendable, CaseIterable {
        case signon, signoff, failure
    }

    var kind: Kind {
        switch self {
        case .notice(let notice):
            switch notice.news {
            case .present, .signon: .signon
            case .signoff: .signoff
            }
        case .failure: .failure
        }
    }

    /// Whose session it is about.
    var key: ConnectionKey {
        switch self {
        case .notice(let notice): notice.key
        case .failure(let failure): failure.key
        }
    }

    /// About how much memory it takes, in bytes.
    var size: Int {
        switch self {
        case .failure(let failure): failure.size
        case .notice(let notice): notice.size
        }
    }

    /// As the application gets it. [CBK-3]
    func json(epoch: String) -> JSON {
        var members: [(String, JSON)] = [
            ("type", .string(kind.rawValue)), ("key", .string(key.description)), ("user", .string(key.user)),
            ("session", .string(key.session)), ("location", .string(key.location)),
        ]
        switch self {
        case .failure(let failure):
            members += [
                ("event", .string(failure.event)), ("code", .integer(Int64(failure.reason.rawValue))),
                ("name", .string(failure.reason.name)),
            ]
        case .notice(let notice):
            members += [("epoch", .string(epoch)), ("sequence", .integer(Int64(notice.sequence)))]
            guard case .signoff(let end) = notice.news else { break }
            members += [
                ("reason", .string(end.reason.rawValue)), ("missed", .array(end.missed.map { .string($0) })),
                ("unconfirmed", .array(end.unconfirmed.map { .string($0) })),
            ]
        }
        return .object(JSONObject(members))
    }
}
