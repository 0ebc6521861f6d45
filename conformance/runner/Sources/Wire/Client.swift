/// A connection that a client made to the suite.
final class Client: Sendable {
    /// What the suite answers by itself.
    enum Manner: Sendable {
        /// Each `Ping` and `Auth` with `Success`.
        case orbit11
        /// Each frame that is no `Event` with what a server of Orbit 1.0 says.
        case orbit10
        /// Nothing.
        case silent
    }

    /// More frames than these are not kept, and fail the trial.
    private static let mostFrames = 1_000_000

    /// What the client has sent and no step has read.
    struct Received: Sendable {
        var frames: [Frame] = []
        /// What it must not have sent; nothing is read after it.
        var violation: Violation?
        /// Whether it ended in the middle of a frame.
        var isCut = false
    }

    let connection: Connection
    let inbox = Inbox(Received())
    /// What is written on the connection by itself does not come between the pieces of something else.
    private let writing = Slots(1)

    private let patience: Duration

    /// - Parameter patience: how long the client has to take what is sent.
    init(_ connection: Connection, patience: Duration) {
        self.connection = connection
        self.patience = patience
    }

    /// Sends bytes; what is sent by itself does not come between their pieces.
    func send(_ bytes: [UInt8], cut: Trial.Cut) async throws {
        try await writing.use { try await connection.send(bytes, cut: cut, within: patience) }
    }

    /// Reads frames until the client ends, and answers those that the manner says.
    func serve(_ manner: Manner, cut: Trial.Cut) async {
        var reader = FrameReader()
        while let bytes = await connection.nextBytes() {
            reader.append(bytes)
            do {
                while let frame = try reader.next() {
                    guard let answer = Self.answer(frame, manner) else {
                        try keep(frame)
                        continue
                    }
                    // The client may have gone, and the end of its frames shows that.
                    try? await send(Array(answer.utf8), cut: cut)
                }
            } catch {
                inbox.update { $0.violation = Violation(error) }
                break
            }
        }
        let isCut = !reader.isBetweenFrames
        inbox.update { $0.isCut = isCut }
        inbox.end()
    }

    private func keep(_ frame: Frame) throws {
        let isKept = inbox.update { received in
            guard received.frames.count < Self.mostFrames else { return false }
            received.frames.append(frame)
            return true
        }
        guard isKept else { throw Violation("more frames came than the suite keeps") }
    }

    private static func answer(_ frame: Frame, _ manner: Manner) -> String? {
        switch manner {
        case .silent: nil
        case .orbit11 where ["Ping", "Auth"].contains(frame.action): "Success\r\nid: \(frame.id)\r\n\r\n"
        case .orbit10 where frame.action != "Event":
            "Failure\r\nid: \(frame.id)\r\nmsg: The action is not Event\r\ncode: 102 bad_action\r\n\r\n"
        case .orbit11, .orbit10: nil
        }
    }
}
