import NIOCore
import Testing

/// A browser's connection.
struct Browser: Sendable {
    let peer: Peer

    /// A response's head, as it was sent.
    struct Head {
        let status: String
        let lines: [String]

        subscript(name: String) -> String? {
            lines.first { $0.lowercased().hasPrefix(name.lowercased() + ": ") }.map {
                String($0.dropFirst(name.count + 2))
            }
        }
    }

    static func connect(to server: TestServer, receiveBuffer: Int? = nil) async throws -> Browser {
        Browser(peer: try await Peer.connect(to: server.http, receiveBuffer: receiveBuffer))
    }

    /// A stream from a server that is a process of its own.
    static func stream(_ target: String, at http: SocketAddress) async throws -> Browser {
        let browser = Browser(peer: try await Peer.connect(to: http))
        try await browser.get(target)
        #expect(try await browser.head().status == "HTTP/1.1 200 OK")
        return browser
    }

    /// Connects, asks for a stream, and reads up to its first event.
    static func stream(_ target: String, from server: TestServer) async throws -> Browser {
        let browser = try await connect(to: server)
        try await browser.get(target)
        let head = try await browser.head()
        #expect(head.status == "HTTP/1.1 200 OK")
        if head["Content-Type"] == "text/event-stream" { #expect(try await browser.chunk().hasPrefix("retry: 1000\n")) }
        return browser
    }

    func get(_ target: String, version: String = "1.1", _ headers: [String] = []) async throws {
        try await request("GET", target, version: version, headers)
    }

    func request(
        _ method: String, _ target: String, version: String = "1.1", _ headers: [String] = [], body: String = ""
    ) async throws {
        let lines = ["\(method) \(target) HTTP/\(version)", "Host: example.org"] + headers
        try await peer.send(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    func head() async throws -> Head {
        let lines = try await peer.take(through: "\r\n\r\n").split(separator: "\r\n").map(String.init)
        return Head(status: lines.first ?? "", lines: Array(lines.dropFirst()))
    }

    /// A response that has a length.
    func response() async throws -> (head: Head, body: String) {
        let head = try await head()
        let length = try #require(head["Content-Length"].flatMap { Int($0) })
        return (head, String(buffer: try await peer.take(count: length)))
    }

    /// The next chunk of a response without a length; empty at its end.
    func chunk() async throws -> String {
        String(buffer: try await peer.takeChunk())
    }

    /// The next event of an `sse` stream, without its cursor; what only tells where the browser stands is skipped.
    func event() async throws -> String {
        while true {
            let chunk = try await chunk()
            guard chunk.hasPrefix("id: ") || chunk.hasPrefix("event: gap\n") else { return chunk }
            let rest = chunk[chunk.index(after: chunk.firstIndex(of: "\n") ?? chunk.startIndex)...]
            if rest.hasPrefix("data: ") { return String(rest) }
        }
    }

    /// Waits until the server has closed; answers what came before that.
    func rest() async throws -> String { try await peer.takeAll() }

    func close() async { await peer.close() }
}
