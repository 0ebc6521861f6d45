import NIOCore
import Testing

/// An application's connection to the control port.
struct WebApplication: Sendable {
    let peer: Peer

    static func connect(to server: TestServer) async throws -> WebApplication {
        WebApplication(peer: try await Peer.connect(to: server.control))
    }

    /// A frame as it goes over the wire.
    static func frame(_ id: String, to keys: [String], _ body: String) -> String {
        "Orbit 1.0\r\nEvent\r\nid: \(id)\r\n" + keys.map { "recipient: \($0)\r\n" }.joined()
            + "length: \(body.utf8.count)\r\n\r\n" + body
    }

    /// The reply to an event that reached nobody of these.
    static func failure(_ id: String, _ keys: [String]) -> String {
        "Failure\r\nid: \(id)\r\nmsg: Failed to reach one or more recipients\r\n"
            + keys.map { "recipient: (\($0))\r\n" }.joined() + "\r\n"
    }

    static func success(_ id: String) -> String { "Success\r\nid: \(id)\r\n\r\n" }

    func send(_ id: String, to keys: [String], _ body: String) async throws {
        try await peer.send(Self.frame(id, to: keys, body))
    }

    /// The next reply, as it was sent.
    func reply() async throws -> String { try await peer.take(through: "\r\n\r\n") }

    /// Sends an event and expects that it reaches all.
    func deliver(_ id: String, to keys: [String], _ body: String) async throws {
        try await send(id, to: keys, body)
        #expect(try await reply() == Self.success(id))
    }

    func close() async { await peer.close() }
}
