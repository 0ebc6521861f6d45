import NIOCore
import Synchronization

/// Bytes that go out in pieces, each of which is handed to the system before the next.
final class Sending: Sendable {
    private struct Progress {
        var sent = 0
        var isOver = false
    }

    private let channel: any Channel
    private let bytes: [UInt8]
    private let size: Int
    private let done: EventLoopPromise<Void>
    private let progress = Mutex(Progress())

    /// - Parameter size: of each piece but the last.
    init(_ bytes: [UInt8], size: Int, on channel: any Channel) {
        self.channel = channel
        self.bytes = bytes
        self.size = size
        done = channel.eventLoop.makePromise()
    }

    /// Sends them all.
    ///
    /// - Throws: ``Connection/Failure``
    func run(within time: Duration) async throws {
        let timer = channel.eventLoop.scheduleTask(in: TimeAmount(time)) { self.end { .late(sent: $0) } }
        channel.eventLoop.execute { self.sendNext() }
        defer { timer.cancel() }
        try await done.futureResult.get()
    }

    private func end(_ failure: (_ sent: Int) -> Connection.Failure) {
        let sent = progress.withLock { progress in
            progress.isOver = true
            return progress.sent
        }
        done.fail(failure(sent))
    }

    private func sendNext() {
        let (begin, isOver) = progress.withLock { ($0.sent, $0.isOver) }
        guard !isOver else { return }
        guard begin < bytes.count else { return done.succeed() }
        let end = min(begin + size, bytes.count)
        channel.writeAndFlush(channel.allocator.buffer(bytes: bytes[begin..<end])).whenComplete { result in
            guard case .success = result else { return self.end { .gone(sent: $0) } }
            self.progress.withLock { $0.sent = end }
            // A turn of the loop is time for other connections, and for the peer to take the piece.
            self.channel.eventLoop.execute { self.sendNext() }
        }
    }
}
