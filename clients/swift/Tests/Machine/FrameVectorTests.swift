import NIOCore
import OrbitedTesting
import Testing

@testable import OrbitedClient

/// A vector of `conformance/vectors/frames`.
struct FrameVector: Decodable, Sendable, CustomTestStringConvertible {
    let id: String
    let call: Call
    let bytes: [Piece]?
    let error: String?

    struct Call: Decodable, Sendable {
        let action, version, id: String
        let recipients: [Named]?
        let body, secret: Piece?
        let ack, epoch, watch, reason: String?
        let ttl, sequence, limit: Int?
        let state: Bool?
    }

    /// A recipient as text, or as its three parts.
    enum Named: Decodable, Sendable {
        case text(String)
        case parts(user: String, session: String, location: String)

        private enum Keys: CodingKey { case user, session, location }

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                self = .text(text)
                return
            }
            let parts = try decoder.container(keyedBy: Keys.self)
            func part(_ key: Keys) throws -> String { try parts.decode(String.self, forKey: key) }
            self = .parts(user: try part(.user), session: try part(.session), location: try part(.location))
        }

        func recipient() throws -> Recipient {
            switch self {
            case .text(let text): try Recipient(text)
            case .parts(let user, let session, let location):
                try Recipient(user: user, session: session, location: location)
            }
        }
    }

    var testDescription: String { id }

    /// Calls that this client has no words for, and why.
    var isWordless: Bool {
        // It numbers its frames itself, and names watches by their frames.
        if error == "bad_id" || id.hasPrefix("refused11-unwatch") { return true }
        // A star is always a pattern; a server of Orbit 1.0 is not sent one.
        if ["frame10-event-stars", "refused10-key-star-location"].contains(id) { return true }
        // An ack is an enum, a place has both its parts, and its number is never negative.
        if id.hasPrefix("refused11-ack") { return true }
        return ["refused11-watch-epoch-alone", "refused11-watch-sequence-alone", "refused11-sequence-negative"]
            .contains(id)
    }
}

@Suite("Frames as this client writes them")
struct FrameVectorTests {
    @Test(
        "a call gives the bytes that it has to, or is refused",
        arguments: try Repository.vectors(FrameVector.self, in: "frames").filter { !$0.isWordless })
    func vector(_ vector: FrameVector) throws {
        guard let bytes = vector.bytes?.bytes else {
            #expect(throws: OrbitedError.self) { try self.frame(vector.call) }
            return
        }
        var buffer = ByteBuffer()
        let frame = try self.frame(vector.call)
        let count = frame.write(vector.call.version == "1.0" ? .orbit10 : .orbit11, id: vector.call.id, into: &buffer)
        #expect(count == bytes.count)
        #expect(Array(buffer.readableBytesView) == bytes)
    }

    @Test("few vectors are left out")
    func leftOut() throws {
        let all = try Repository.vectors(FrameVector.self, in: "frames")
        #expect(all.count { $0.isWordless } < 30)
        #expect(all.count > 100)
    }

    private func frame(_ call: FrameVector.Call) throws -> Frame {
        let recipients = try (call.recipients ?? []).map { try $0.recipient() }
        switch call.action {
        case "Event":
            let ack = try call.ack.map { try #require(Ack(rawValue: $0)) }
            return try .event(to: recipients, body: bytes(call.body), ack: ack, ttl: call.ttl)
        case "Auth": return try .auth(bytes(call.secret))
        case "Ping": return .ping
        case "Watch":
            let place = call.epoch.map { NoticePlace(epoch: $0, sequence: UInt64(call.sequence ?? 0)) }
            return try .watch(recipients, state: call.state ?? false, since: place)
        case "Unwatch": return .unwatch(try #require(call.watch))
        case "List": return try .list(recipients, limit: call.limit)
        default: return try .close(recipients, reason: call.reason)
        }
    }

    private func bytes(_ piece: Piece?) -> ByteBuffer { ByteBuffer(bytes: piece?.bytes ?? []) }
}

@Suite("What is too large to be sent")
struct LimitTests {
    @Test("a line, a body, a head and the number of recipients are checked before anything is sent")
    func limits() throws {
        var limits = ClientLimits()
        (limits.line, limits.body, limits.recipients) = (30, 3, 2)
        let (key, body) = (try Recipient("u, 0, /x"), ByteBuffer(string: "123"))
        _ = try Frame.event(to: [key, key], body: body, limits: limits)
        let long = try Recipient("u, 0, /" + String(repeating: "x", count: 13))
        for (recipients, body) in [([key, key, key], body), ([long], body), ([key], ByteBuffer(string: "1234"))] {
            let error = #expect(throws: OrbitedError.self) {
                try Frame.event(to: recipients, body: body, limits: limits)
            }
            #expect(error?.kind == .limitExceeded && error?.retriable == false)
        }
        limits.head = 310
        #expect(throws: OrbitedError.self) { try Frame.event(to: [key], body: body, limits: limits) }
    }
}
