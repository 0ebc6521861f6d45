import Foundation
import NIOCore
import OrbitedServer
import Testing

/// What an application says in Orbit 1.1.
extension WebApplication {
    /// A frame of Orbit 1.1 as it goes over the wire.
    static func orbit11(_ action: String, _ id: String, _ headers: [String] = [], body: String? = nil) -> String {
        let length = body.map { ["length: \($0.utf8.count)"] } ?? []
        let lines = ["Orbit 1.1", action, "id: \(id)"] + headers + length
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
    }

    /// An event of Orbit 1.1.
    static func event11(_ id: String, to recipients: [String], _ body: String, _ headers: [String] = []) -> String {
        orbit11("Event", id, recipients.map { "recipient: \($0)" } + headers, body: body)
    }

    /// A success with these headers.
    static func done(_ id: String, _ headers: String...) -> String {
        "Success\r\nid: \(id)\r\n" + headers.map { $0 + "\r\n" }.joined() + "\r\n"
    }

    /// Asks for something, and answers the reply as it was sent, without a body.
    func ask(_ action: String, _ id: String = "ask", _ headers: String..., body: String? = nil) async throws -> String {
        try await peer.send(Self.orbit11(action, id, headers, body: body))
        return try await reply()
    }

    /// Asks for the keys that have a session.
    func list(_ headers: String...) async throws -> (head: String, keys: Set<String>) {
        try await peer.send(Self.orbit11("List", "list", headers))
        let head = try await reply()
        let body = try await peer.take(count: try #require(Int(Self.value("length", in: head) ?? "")))
        return (head, Set(String(buffer: body).split(separator: "\n").map(String.init)))
    }

    /// Waits until as many keys have a session.
    func waitUntilPresent(_ count: Int) async throws {
        for _ in 0..<100_000 where try await list("recipient: *, *, *", "limit: 100000").keys.count == count { return }
        Issue.record("there are never \(count) sessions")
    }

    /// The next notice in short, such as `Signon 1 (u, 0, /c)`.
    func notice() async throws -> String {
        let text = try await reply()
        let word = text.prefix { $0 != "\r\n" }
        return ["sequence", "key", "reason"].compactMap { Self.value($0, in: text) }
            .reduce(String(word)) { "\($0) \($1)" }
    }

    /// The first value of a header in a reply.
    static func value(_ name: String, in reply: String) -> String? {
        reply.components(separatedBy: "\r\n").first { $0.hasPrefix("\(name): ") }.map {
            String($0.dropFirst(name.count + 2))
        }
    }
}

/// A file with a secret, for as long as a test runs.
final class SecretFile: Sendable {
    let path: String

    init(_ content: String) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "secret-\(UUID().uuidString)").path()
        try Data(content.utf8).write(to: URL(filePath: path))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
