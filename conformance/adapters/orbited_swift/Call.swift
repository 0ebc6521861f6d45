import Foundation
import OrbitedClient

/// A line of the suite.
struct Call: Decodable {
    enum Verb: String, Decodable {
        case hello, client, event, list, close, ping, auth, watch, unwatch, quit

        /// What the line may have beside `call` and `do`.
        var members: Set<String> {
            switch self {
            case .hello, .ping, .quit: []
            case .client: ["host", "port", "secret", "timeout", "heartbeat", "queue", "whenFull", "ca"]
            case .event: ["to", "body", "ack", "ttl", "retry"]
            case .list: ["of", "limit"]
            case .close: ["of", "reason"]
            case .auth: ["secret"]
            case .watch: ["of", "state", "since"]
            case .unwatch: ["watch"]
            }
        }
    }

    /// A recipient as text, or as its three parts.
    enum Named: Decodable {
        case text(String)
        case parts([String])

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let text = try? value.decode(String.self) {
                self = .text(text)
            } else {
                self = .parts(try value.decode([String].self))
            }
        }

        func recipient() throws -> Recipient {
            switch self {
            case .text(let text): return try Recipient(text)
            case .parts(let parts):
                // Swift has no way to give a key two parts; the library refuses empty ones all the same.
                let three = parts.count == 3 ? parts : ["", "", ""]
                return try Recipient(user: three[0], session: three[1], location: three[2])
            }
        }
    }

    struct Place: Decodable {
        let epoch: String
        let sequence: UInt64
    }

    let call: Int
    let verb: Verb
    let host, secret, whenFull, ca, body, ack, reason: String?
    let port, queue, ttl, limit, watch: Int?
    let timeout, heartbeat: Double?
    let retry, state: Bool?
    let to, of: [Named]?
    let since: Place?

    private enum CodingKeys: String, CodingKey {
        case call, host, secret, whenFull, ca, body, ack, reason, port, queue, ttl, limit, watch, timeout, heartbeat
        case retry, state, to, of, since
        case verb = "do"
    }

    /// The number of a line, and what it says, or why it can't be done.
    static func read(_ line: String) throws -> (number: Int, call: Result<Call, any Error>) {
        let data = Data(line.utf8)
        guard let members = try JSONSerialization.jsonObject(with: data) as? [String: Any],
            let number = members["call"] as? Int
        else { throw Unsupported(what: "line without a number") }
        return (
            number,
            Result {
                guard let name = members["do"] as? String, let verb = Verb(rawValue: name) else {
                    throw Unsupported(what: "such verb")
                }
                if let other = members.keys.first(where: { !verb.members.union(["call", "do"]).contains($0) }) {
                    throw Unsupported(what: "member \(other) of \(name)")
                }
                return try JSONDecoder().decode(Call.self, from: data)
            }
        )
    }
}

/// The adapter does not know a verb or a member.
struct Unsupported: Error, CustomStringConvertible {
    let what: String
    var description: String { "the adapter has no \(what)" }
}
