import Synchronization

/// The browser's side of a WebSocket: it answers pings and close frames at once, as browsers do, whatever the steps of
/// a case wait for.
final class WebSocket: Sendable {
    /// What has come and no step has read.
    enum Arrival: Hashable, Sendable {
        case text([UInt8])
        case ping([UInt8])
        case pong([UInt8])
        /// A close frame, and whether the browser's side had sent one before.
        case close(code: Int?, reason: String, isAnswer: Bool)
        case violation(Violation)
    }

    /// More than these wait for no step: the rest is not read.
    private static let mostArrivals = 1_000_000

    let connection: Connection
    let arrivals = Inbox<[Arrival]>([])
    /// What is written on the connection by itself does not come between the pieces of something else.
    private let writing = Slots(1)
    private let hasClosed = Mutex(false)

    /// - Parameter rest: what came behind the head of the response.
    init(_ connection: Connection, rest: ArraySlice<UInt8>) {
        self.connection = connection
        Task { await read(rest) }
    }

    /// Sends a frame; the answers to pings don't come between its pieces.
    func send(_ frame: WebSocketFrame, cut: Trial.Cut) async throws {
        if frame.opcode == .close { hasClosed.withLock { $0 = true } }
        try await send(frame.bytes(mask: WebSocketFrame.newMask), cut: cut)
    }

    /// Sends bytes as they are, which need be no frames.
    func send(_ bytes: [UInt8], cut: Trial.Cut) async throws {
        try await writing.use { try await connection.send(bytes, cut: cut) }
    }

    private func read(_ rest: ArraySlice<UInt8>) async {
        var bytes = rest
        do {
            var isClosed = false
            repeat {
                while let frame = try WebSocketFrame(readingFrom: &bytes) {
                    guard !isClosed else {
                        throw Violation("a frame came after the close frame [WSK-17]", frame.payload)
                    }
                    isClosed = frame.opcode == .close
                    try await take(frame)
                }
            } while await receive(&bytes)
            guard bytes.isEmpty else { throw Violation("the connection ended in the middle of a frame", bytes) }
        } catch {
            arrivals.update { $0.append(.violation(Violation(error))) }
        }
        arrivals.end()
    }

    /// Takes what has come; false if nothing more can.
    private func receive(_ bytes: inout ArraySlice<UInt8>) async -> Bool {
        guard let more = await connection.nextBytes() else { return false }
        bytes = bytes.isEmpty ? more : bytes + more
        return true
    }

    private func take(_ frame: WebSocketFrame) async throws {
        let arrival: Arrival
        var answer: WebSocketFrame?
        switch frame.opcode {
        case .text, .continuation: arrival = .text(frame.payload)
        case .pong: arrival = .pong(frame.payload)
        case .ping:
            arrival = .ping(frame.payload)
            answer = WebSocketFrame(.pong, frame.payload)
        case .close:
            let (code, reason) = try frame.codeAndReason()
            let isAnswer = hasClosed.withLock { $0 }
            arrival = .close(code: code, reason: reason, isAnswer: isAnswer)
            if !isAnswer { answer = .close(code) }
        }
        // The answer goes first, so that a step which has seen the arrival can count on it. If the server is gone,
        // the end of the connection shows it.
        if let answer { try? await send(answer, cut: .whole) }
        let count = arrivals.update { arrivals in
            arrivals.append(arrival)
            return arrivals.count
        }
        guard count < Self.mostArrivals else { throw Violation("more came than the suite keeps") }
    }
}
