import OrbitedWire

/// A place in the sequence of sign-ons and sign-offs of a server: whose numbers, and which. [CTL-136]
public typealias NoticePlace = OrbitedWire.NoticePlace
/// How a session ended: the reason, and the ids of the events that `missed` it or stayed `unconfirmed`. [CTL-144]
public typealias Signoff = OrbitedWire.Notice.Signoff

/// News of who comes and goes.
public enum WatchNotice: Hashable, Sendable {
    /// The key has a session, as the watch begins; only if the state was asked for. [CTL-140]
    case present(ConnectionKey, at: NoticePlace)
    /// The first browser of the key has connected.
    case signon(ConnectionKey, at: NoticePlace)
    /// The session of the key has ended.
    case signoff(ConnectionKey, Signoff, at: NoticePlace)
    /// Notices are missing here, or may be: the connection was lost, and the server does not know the watch's place any
    /// more. It goes on at this place. [CTL-153]
    case gap(at: NoticePlace)

    /// Whose news it is; nil for a gap.
    public var key: ConnectionKey? {
        switch self {
        case .present(let key, _), .signon(let key, _), .signoff(let key, _, _): key
        case .gap: nil
        }
    }

    /// Its place, for `since` of another watch.
    public var place: NoticePlace {
        switch self {
        case .present(_, let place), .signon(_, let place), .signoff(_, _, let place), .gap(let place): place
        }
    }

    var isPresent: Bool {
        if case .present = self { true } else { false }
    }

    /// About how many bytes it takes.
    var byteCount: Int {
        let ids: [String] =
            switch self {
            case .signoff(_, let end, _): end.missed + end.unconfirmed
            case .present, .signon, .gap: []
            }
        return ids.reduce((key?.bytes.count ?? 0) + place.epoch.utf8.count) { $0 + $1.utf8.count }
    }

    init(_ notice: OrbitedWire.Notice, epoch: String) {
        let place = NoticePlace(epoch: epoch, sequence: notice.sequence)
        switch notice.news {
        case .present: self = .present(notice.key, at: place)
        case .signon: self = .signon(notice.key, at: place)
        case .signoff(let end): self = .signoff(notice.key, end, at: place)
        }
    }
}

/// What the server said as a watch began, or went on after a lost connection. [CTL-139]
public struct WatchStart: Hashable, Sendable {
    /// The place of the last notice before those that follow.
    public let place: NoticePlace
    /// How many notices `present` come first; 0 if the state was not asked for.
    public let present: Int
    /// Whether all later notices than `since` follow. [CTL-141]
    public let isResumed: Bool

    /// Creates a start.
    public init(place: NoticePlace, present: Int = 0, isResumed: Bool = false) {
        self.place = place
        self.present = present
        self.isResumed = isResumed
    }
}
