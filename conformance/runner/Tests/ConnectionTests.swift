import Foundation
import NIOCore
import Testing

@testable import OrbitedConformance

extension Connection {
    /// Takes what has come once it is so much, and tells how much it was.
    fileprivate func take(atLeast least: Int) async throws -> Int? {
        try await receive(until: .now + .seconds(60)) { received, _ in
            guard received.bytes.count >= least else { return nil }
            defer { received.bytes = [] }
            return received.bytes.count
        }
    }
}

@Suite("A connection")
struct ConnectionTests {
    /// Both ends of a connection.
    private func pair() async throws -> (Listener, Connection, Connection) {
        let listener = try await Listener.open()
        let near = try await Connection.connect(host: "127.0.0.1", port: listener.port)
        return (listener, near, try await listener.next(until: .now + .seconds(10)))
    }

    private func received(_ count: Int, by connection: Connection) async throws -> [UInt8] {
        try await connection.receive(until: .now + .seconds(60)) { received, _ in
            received.bytes.count >= count ? Array(received.bytes) : nil
        }
    }

    @Test("carries all bytes however they are cut", arguments: Trial.Cut.allCases, [0, 1, 3, 5_000, 16_385, 100_000])
    func cuts(cut: Trial.Cut, count: Int) async throws {
        let (listener, near, far) = try await pair()
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try await near.send(bytes, cut: cut)
        #expect(try await received(count, by: far) == bytes)
        await near.close()
        await listener.close()
    }

    @Test("tells the end of the peer's side, and can still send")
    func shut() async throws {
        let (listener, near, far) = try await pair()
        try await near.shutOutput()
        let end = try await far.receive(until: .now + .seconds(10)) { received, _ in received.end }
        #expect(end == .finished)
        try await far.send([1, 2])
        #expect(try await received(2, by: near) == [1, 2])
        await listener.close()
    }

    @Test("tells a reset from an end, after the bytes before it")
    func reset() async throws {
        let (listener, near, far) = try await pair()
        try await far.send([1])
        #expect(try await received(1, by: near) == [1])
        try await far.reset()
        let end = try await near.receive(until: .now + .seconds(10)) { received, _ in received.end }
        guard case .reset = end else { throw Difference("it is \(end)") }
        await #expect(throws: Connection.Failure.self) { try await near.reset() }
        await listener.close()
    }

    @Test("that is refused is told from one that fails for another reason")
    func refused() {
        #expect(Connection.isRefusal(IOError(errnoCode: ECONNREFUSED, reason: "connect")))
        #expect(!Connection.isRefusal(IOError(errnoCode: ENETUNREACH, reason: "connect")))
        #expect(!Connection.isRefusal(ChannelError.connectTimeout(.seconds(1))))
    }

    @Test("of which more waits than is kept is read again as soon as there is room")
    func full() async throws {
        let (listener, near, far) = try await pair()
        let bytes = [UInt8](repeating: 7, count: Connection.mostBytes + (8 << 20))
        let sending = Task { try await near.send(bytes, within: .seconds(60)) }
        var count = 0
        while count < bytes.count {
            // The rest comes only if what was taken makes the connection read on.
            guard let piece = try await far.take(atLeast: count == 0 ? Connection.mostBytes : 1) else { break }
            count += piece
        }
        #expect(count == bytes.count)
        try await sending.value
        await near.close()
        await listener.close()
    }

    @Test("that is paused reads nothing, so that its peer can't send without bound")
    func pause() async throws {
        let (listener, near, far) = try await pair()
        await far.pause()
        let bytes = [UInt8](repeating: 7, count: 32 << 20)
        await #expect(throws: Connection.Failure.self) { try await near.send(bytes, within: .milliseconds(300)) }
        #expect(far.inbox.content.bytes.count <= 1 << 20)
        await far.resume()
        #expect(try await received(bytes.count, by: far).count == bytes.count)
        await near.close()
        await listener.close()
    }
}
