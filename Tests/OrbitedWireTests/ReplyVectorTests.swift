import NIOCore
import OrbitedWire
import OrbitedTesting
import Testing

/// A vector of `conformance/vectors/replies`.
struct ReplyVector: Decodable, Sendable, CustomTestStringConvertible {
    let id: String
    let input: [Piece]
    let expect: [Expectation]

    struct Expectation: Decodable {
        let success: Success?
        let failure: Failure?
    }

    struct Success: Decodable {
        let id: String
    }

    struct Failure: Decodable {
        let id: String?
        let message: String
        let code: Int?
        let recipients: [String]
    }

    var testDescription: String { id }
}

extension ReplyDecoder {
    /// All replies in bytes that arrive in these parts.
    mutating func replies(of parts: [ArraySlice<UInt8>]) throws -> [Reply] {
        var replies: [Reply] = []
        for part in parts {
            append(ByteBuffer(bytes: part))
            while let message = try next() {
                if case .reply(let reply) = message.withoutCodeName { replies.append(reply) }
            }
        }
        return replies
    }
}

@Suite("Vectors of replies")
struct ReplyVectorTests {
    @Test(
        "a vector gives what it expects, however it is cut",
        arguments: try Repository.vectors(ReplyVector.self, in: "replies"))
    func vector(_ vector: ReplyVector) throws {
        let expected = try vector.expect.map(reply)
        for cut in Cuts.of(vector.input.bytes, seed: 2) {
            var decoder = ReplyDecoder()
            let replies = try decoder.replies(of: cut)
            guard replies == expected else {
                Issue.record("cut into \(cut.map(\.count)): \(replies)")
                return
            }
        }
    }

    private func reply(of expectation: ReplyVector.Expectation) throws -> Reply {
        if let success = expectation.success { return Reply(isSuccess: true, id: success.id) }
        let failure = try #require(expectation.failure)
        return Reply(
            isSuccess: false, id: failure.id, message: failure.message, code: failure.code,
            unreached: failure.recipients)
    }
}
