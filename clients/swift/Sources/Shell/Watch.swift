import OrbitedWire

/// The notices of one watch, to be read with `for try await`. Leaving the loop ends the watch.
///
/// Its iteration throws an ``OrbitedError``: ``OrbitedError/Kind/noticesOverflow`` if nobody read it in time,
/// ``OrbitedError/Kind/refused`` if the server refused or ended it. A lost connection does not end it. It ends without an
/// error when its task is cancelled, or by ``end()``, `unwatch` or `disconnect`.
public final class Watch: AsyncSequence, Sendable {
    let reader: NoticeBuffer
    private let client: OrbitedClient

    init(_ reader: NoticeBuffer, client: OrbitedClient) {
        self.reader = reader
        self.client = client
    }

    deinit { end() }

    /// How far it is read, for `since` of another watch; nil: not so far that one could go on.
    public var place: NoticePlace? { reader.place }

    /// What the server said as the watch began; waits until it has.
    ///
    /// - Throws: ``OrbitedError``, as the iteration does, and ``OrbitedError/Kind/disconnected`` if it ended before.
    public nonisolated(nonsending) func ready() async throws(OrbitedError) -> WatchStart { try await reader.ready() }

    /// Ends it. What waits to be read is discarded. See ``OrbitedClient/unwatch(_:)`` for waiting until the server knows.
    public func end() {
        reader.discard()
        let (carrier, reader) = (client.carrier, reader)
        client.loop.execute {
            carrier.value.courier.unwatch(reader)
            carrier.value.plan()
        }
    }

    /// Reads the notices. Several iterators of one watch share them; the watch ends with the first that goes.
    public func makeAsyncIterator() -> Iterator { Iterator(lease: Lease(self)) }

    /// Reads one notice after the other.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let lease: Lease

        /// The next notice; nil at the end.
        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(OrbitedError) -> WatchNotice? {
            try await lease.watch.reader.next()
        }
    }

    /// Ends its watch as it goes.
    fileprivate final class Lease {
        let watch: Watch

        init(_ watch: Watch) { self.watch = watch }

        deinit { watch.end() }
    }
}
