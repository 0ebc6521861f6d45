/// What one side of a test hands to the other, in order; waiting for the next takes as long as it takes.
struct Mailbox<Element: Sendable>: Sendable {
    struct Closed: Error {}

    private let stream: AsyncStream<Element>
    private let continuation: AsyncStream<Element>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func put(_ element: Element) {
        continuation.yield(element)
    }

    func close() {
        continuation.finish()
    }

    func next() async throws -> Element {
        for await element in stream { return element }
        throw Closed()
    }
}
