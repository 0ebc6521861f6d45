import OrbitedWire

/// News of a session, and its place among all.
public struct WatchNews: Hashable, Sendable {
    /// Whose session it is.
    public let key: ConnectionKey
    /// What happened: it was there, it has begun, or it has ended and how.
    public let news: Notice.News
    /// Where to go on after it, see ``OrbitedClient/watch(_:withState:after:)``.
    public let place: NoticePlace
}

/// Who comes and goes, as a sequence: `for try await news in watch`. [CTL-137]
///
/// It ends when its reader's task is cancelled or its iterator goes away, and throws an ``OrbitedClientError`` when the
/// connection is lost, or when more than 10,000 notices wait to be read.
public struct Watch: AsyncSequence, Sendable {
    /// Where it began.
    public let place: NoticePlace
    /// How many keys are told as present first; nil if the state was not asked for, or need not be told.
    public let present: Int?
    /// Whether it goes on where an earlier watch ended; nil if that was not asked. If not, notices were missed, or may
    /// have been.
    public let isResumed: Bool?
    let reader: WatchReader

    /// Reads the news; only one task at a time.
    public func makeAsyncIterator() -> AsyncThrowingStream<WatchNews, any Error>.AsyncIterator {
        reader.news.makeAsyncIterator()
    }
}
