import OrbitedWire

/// Takes the notices of one watch to who reads them.
final class WatchReader: Sendable {
    private let continuation: AsyncThrowingStream<WatchNews, any Error>.Continuation
    /// The notices, as they come.
    let news: AsyncThrowingStream<WatchNews, any Error>

    /// How many notices may wait for a slow reader; beyond it the watch ends with ``OrbitedClientError/watchOverflow``.
    static let most = 10_000

    init() {
        (news, continuation) = AsyncThrowingStream.makeStream(bufferingPolicy: .bufferingOldest(Self.most))
    }

    func take(_ notice: Notice, epoch: String) {
        let place = NoticePlace(epoch: epoch, sequence: notice.sequence)
        guard case .dropped = continuation.yield(WatchNews(key: notice.key, news: notice.news, place: place)) else {
            return
        }
        end(.watchOverflow)
    }

    func end(_ error: OrbitedClientError) { continuation.finish(throwing: error) }

    /// Calls back once when the reader has gone, or the watch has ended.
    func onEnd(_ body: @escaping @Sendable () -> Void) {
        continuation.onTermination = { _ in body() }
    }
}
