import NIOCore
import OrbitedTesting
import OrbitedWire
import Testing

extension ControlVector {
    /// One thing that comes out of a decoder: the member that is there says what.
    struct Expectation: Decodable {
        let event: Event?
        let failure: Failure?
        let auth: Auth?
        let ping: Ping?
        let watch: Watch?
        let unwatch: Unwatch?
        let list: List?
        let close: Close?
    }

    struct Event: Decodable {
        let id: String
        let recipients: [String]
        let body: Piece
        let version: String?
        let ack: String?
        let ttl: Int?
    }

    struct Failure: Decodable {
        let id: String?
        let code: UInt16
    }

    struct Auth: Decodable {
        let id: String
        let secret: Piece
    }

    struct Ping: Decodable {
        let id: String
    }

    struct Watch: Decodable {
        let id: String
        let recipient: String
        let state: Bool
        let epoch: String?
        let sequence: UInt64?
    }

    struct Unwatch: Decodable {
        let id: String
        let watch: String
    }

    struct List: Decodable {
        let id: String
        let recipients: [String]
        let limit: Int
    }

    struct Close: Decodable {
        let id: String
        let recipients: [String]
        let reason: String?
    }
}

extension ControlVector.Expectation {
    func output(closes: Bool, limits: ControlLimits) throws -> ControlDecoder.Output {
        if let event { return .event(try event.frame) }
        if let request = try request { return .request(id: request.id, request.what) }
        let failure = try #require(failure)
        let code = try #require(ControlCode(rawValue: failure.code))
        let fault = ControlFault(code, limit: limits.value(for: code))
        return .failure(ControlFailure(id: failure.id, fault: fault, closes: closes))
    }

    private var request: (id: String, what: ControlRequest)? {
        get throws {
            if let auth { return (auth.id, .auth(secret: ByteBuffer(bytes: auth.secret.bytes))) }
            if let ping { return (ping.id, .ping) }
            if let watch {
                let last = try watch.epoch.map { NoticePlace(epoch: $0, sequence: try #require(watch.sequence)) }
                let recipients = try Recipients(reading: [watch.recipient])
                return (watch.id, .watch(WatchRequest(recipients: recipients, wantsState: watch.state, last: last)))
            }
            if let unwatch { return (unwatch.id, .unwatch(name: unwatch.watch)) }
            if let list { return (list.id, .list(try Recipients(reading: list.recipients), limit: list.limit)) }
            return try close.map {
                ($0.id, .close(try Recipients(reading: $0.recipients), reason: $0.reason ?? ""))
            }
        }
    }
}

extension ControlVector.Event {
    var frame: EventFrame {
        get throws {
            let body = ByteBuffer(bytes: body.bytes)
            guard version == "1.1" else {
                return EventFrame(id: id, recipients: try recipients.map { try ConnectionKey($0) }, body: body)
            }
            let all = try Recipients(reading: recipients)
            let ack = try #require(EventFrame.Ack(rawValue: ack ?? "written"))
            let terms = EventFrame.Terms(patterns: all.patterns, ack: ack, ttl: ttl)
            return EventFrame(id: id, recipients: all.keys, body: body, terms: terms)
        }
    }
}

extension Recipients {
    /// Keys and patterns as a frame of Orbit 1.1 has them.
    init(reading texts: [String]) throws {
        self.init()
        for text in texts {
            if let pattern = try KeyPattern(text) {
                patterns.append(pattern)
            } else {
                keys.append(try ConnectionKey(text))
            }
        }
    }
}
