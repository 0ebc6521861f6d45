import Foundation
import Synchronization

/// A request of a browser, and what the suite answers.
final class Exchange: Sendable {
    /// How far the answer is.
    private enum Stage {
        case waiting
        case chunks
        case socket
        case ended
    }

    /// A fault of the case: the answer is not as far as the step needs it.
    enum Fault: Error, Hashable {
        case notWaiting, notOpen, noSocket
    }

    /// What a browser has sent on a WebSocket and no step has read.
    struct Received: Sendable {
        /// The text messages.
        var messages: [String] = []
        var violation: Violation?
    }

    let request: Request
    let connection: Connection
    private let patience: Duration
    /// What comes on a WebSocket; it ends when nothing more can come on the connection for this request.
    let inbox = Inbox(Received())
    private let stage = Mutex(Stage.waiting)
    /// What is written on the connection by itself does not come between the pieces of something else.
    private let writing = Slots(1)
    private let answered = Inbox(false)

    /// - Parameter patience: how long the browser has to take what is sent.
    init(_ request: Request, on connection: Connection, patience: Duration) {
        self.request = request
        self.connection = connection
        self.patience = patience
    }

    /// Answers in whole.
    func respond(
        status: Int, headers: [(String, String)], body: [UInt8], cut: Trial.Cut = .whole
    ) async throws {
        try advance(from: .waiting, to: .ended, or: .notWaiting)
        let hasBody = request.method != "HEAD" && status != 204 && status != 304
        let length = status == 204 ? [] : [("Content-Length", "\(body.count)")]
        let head = Self.head(status, headers + length)
        try await writing.use { try await connection.send(head + (hasBody ? body : []), cut: cut, within: patience) }
        answered.update { $0 = true }
    }

    /// Begins an answer in chunks.
    func begin(status: Int, headers: [(String, String)], cut: Trial.Cut = .whole) async throws {
        try advance(from: .waiting, to: .chunks, or: .notWaiting)
        let head = Self.head(status, headers + [("Transfer-Encoding", "chunked")])
        try await writing.use { try await connection.send(head, cut: cut, within: patience) }
    }

    /// Goes on with a chunk for each piece, or on a WebSocket with the bytes as they are.
    func send(_ bytes: [UInt8], cut: Trial.Cut = .whole) async throws {
        guard isChunked else {
            guard isSocket else { throw Fault.notOpen }
            return try await writing.use { try await connection.send(bytes, cut: cut, within: patience) }
        }
        let size = cut == .whole || bytes.count > Connection.mostSmallBytes ? max(bytes.count, 1) : cut.rawValue
        try await writing.use {
            for begin in stride(from: 0, to: bytes.count, by: size) {
                let piece = bytes[begin..<min(begin + size, bytes.count)]
                let chunk = Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + [13, 10]
                try await connection.send(chunk, within: patience)
            }
        }
    }

    /// Ends an answer in chunks as HTTP says; the connection stays for the browser's next request.
    func end() async throws {
        try advance(from: .chunks, to: .ended, or: .notOpen)
        try await writing.use { try await connection.send(Array("0\r\n\r\n".utf8), within: patience) }
        answered.update { $0 = true }
    }

    /// Answers with 101: what follows is a WebSocket.
    func upgrade(headers: [(String, String)] = []) async throws {
        guard let key = request.values(of: "sec-websocket-key").first else { throw Fault.noSocket }
        try advance(from: .waiting, to: .socket, or: .notWaiting)
        let digest = SHA1.digest(Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
        var ours = [
            ("Upgrade", "websocket"), ("Connection", "Upgrade"),
            ("Sec-WebSocket-Accept", Data(digest).base64EncodedString()),
        ]
        // [WSK-4]
        let offered = request.values(of: "sec-websocket-protocol").flatMap { $0.split(separator: ",") }
        if offered.contains(where: { $0.trimmingCharacters(in: .whitespaces) == "orbited.1" }) {
            ours.append(("Sec-WebSocket-Protocol", "orbited.1"))
        }
        let head = Self.head(101, ours + headers)
        try await writing.use { try await connection.send(head, within: patience) }
        answered.update { $0 = true }
    }

    /// Sends a frame on the WebSocket.
    func say(_ frame: WebSocketFrame, cut: Trial.Cut = .whole) async throws {
        guard isSocket else { throw Fault.noSocket }
        try await writing.use { try await connection.send(frame.bytes(mask: nil), cut: cut, within: patience) }
    }

    /// Whether it is a WebSocket now.
    var isSocket: Bool { stage.withLock { if case .socket = $0 { true } else { false } } }

    private var isChunked: Bool { stage.withLock { if case .chunks = $0 { true } else { false } } }

    /// Waits until the connection can carry something else; not if it ends before.
    func hasEnded() async -> Bool {
        (try? await answered.wait(until: .now + Connection.lifetime) { isAnswered, _ in isAnswered ? true : nil })
            ?? false
    }

    /// The connection is gone.
    func lose() {
        inbox.end()
        answered.end()
    }

    private func advance(from old: Stage, to new: Stage, or fault: Fault) throws {
        try stage.withLock { stage in
            switch (stage, old) {
            case (.waiting, .waiting), (.chunks, .chunks): stage = new
            default: throw fault
            }
        }
    }

    private static func head(_ status: Int, _ headers: [(String, String)]) -> [UInt8] {
        // Browsers don't look at the words of a status.
        let lines = ["HTTP/1.1 \(status) Suite"] + headers.map { "\($0): \($1)" }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }
}
