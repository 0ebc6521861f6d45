import NIOCore
import OrbitedTesting
import OrbitedWire
import Testing

/// A vector of `conformance/vectors/replies-1.1`.
struct ServerMessageVector: Decodable, Sendable, CustomTestStringConvertible {
    let id: String
    let input: [Piece]
    let expect: [Expectation]

    struct Expectation: Decodable {
        let success: Success?
        let failure: Failure?
        let present: Sign?
        let signon: Sign?
        let signoff: Sign?
        let violation: String?
    }

    struct Success: Decodable {
        let id: String
        let reached, closed, keys, present: Int?
        let epoch: String?
        let sequence: UInt64?
        let more, resumed: Bool?
        let body: Piece?
    }

    struct Failure: Decodable {
        let id: String?
        let message: String
        let code, reached: Int?
        let recipients: [String]?
        let unreached: [Fate]?
    }

    struct Fate: Decodable {
        let code: Int
        let name, key: String
    }

    struct Sign: Decodable {
        let watch, epoch, key: String
        let sequence: UInt64
        let reason: String?
        let missed, unconfirmed: [String]?
    }

    var testDescription: String { id }
}

@Suite("Vectors of replies and notices of Orbit 1.1")
struct ServerMessageVectorTests {
    @Test(
        "a vector gives what it expects, however it is cut",
        arguments: try Repository.vectors(ServerMessageVector.self, in: "replies-1.1"))
    func vector(_ vector: ServerMessageVector) throws {
        let expected = try vector.expect.filter { $0.violation == nil }.map(message)
        for cut in Cuts.of(vector.input.bytes, seed: 3) {
            let (messages, hasFailed) = outcome(of: cut)
            guard messages == expected, hasFailed == (vector.expect.last?.violation != nil) else {
                Issue.record("cut into \(cut.map(\.count)): \(messages)\(hasFailed ? ", and then a violation" : "")")
                return
            }
        }
    }

    private func outcome(of cut: [ArraySlice<UInt8>]) -> (messages: [ServerMessage], hasFailed: Bool) {
        var decoder = ReplyDecoder()
        var messages: [ServerMessage] = []
        do {
            for part in cut {
                decoder.append(ByteBuffer(bytes: part))
                while let message = try decoder.next() { messages.append(message.withoutCodeName) }
            }
        } catch {
            return (messages, true)
        }
        return (messages, false)
    }

    private func message(_ expectation: ServerMessageVector.Expectation) throws -> ServerMessage {
        if let success = expectation.success { return .reply(reply(success)) }
        if let failure = expectation.failure { return .reply(reply(failure)) }
        if let sign = expectation.present { return try notice(sign, .present) }
        if let sign = expectation.signon { return try notice(sign, .signon) }
        let sign = try #require(expectation.signoff)
        let end = Notice.Signoff(
            reason: .init(rawValue: sign.reason ?? ""), missed: sign.missed ?? [], unconfirmed: sign.unconfirmed ?? [])
        return try notice(sign, .signoff(end))
    }

    private func reply(_ success: ServerMessageVector.Success) -> Reply {
        var reply = Reply(isSuccess: true, id: success.id)
        (reply.reached, reply.closed, reply.keys) = (success.reached, success.closed, success.keys)
        (reply.present, reply.epoch, reply.sequence) = (success.present, success.epoch, success.sequence)
        (reply.hasMore, reply.isResumed) = (success.more, success.resumed)
        reply.body = success.body.map { ByteBuffer(bytes: [$0].bytes) }
        return reply
    }

    private func reply(_ failure: ServerMessageVector.Failure) -> Reply {
        var reply = Reply(isSuccess: false, id: failure.id, message: failure.message, code: failure.code)
        reply.reached = failure.reached
        reply.fates = (failure.unreached ?? []).map { Reply.Fate(code: $0.code, name: $0.name, key: $0.key) }
        reply.unreached = (failure.recipients ?? []) + reply.fates.map(\.key)
        return reply
    }

    private func notice(_ sign: ServerMessageVector.Sign, _ news: Notice.News) throws -> ServerMessage {
        let notice = Notice(sequence: sign.sequence, key: try ConnectionKey(sign.key), news: news)
        return .notice(notice, watch: sign.watch, epoch: sign.epoch)
    }
}

extension ServerMessage {
    /// The vectors do not have the name of a code.
    var withoutCodeName: ServerMessage {
        guard case .reply(var reply) = self else { return self }
        reply.codeName = nil
        return .reply(reply)
    }
}
