import NIOCore

/// Buffers for what browsers send: a small one first, since NIO keeps the first buffer of a connection as long as that
/// lives, and most have one request and then a stream; much larger ones where more comes.
struct RequestBufferAllocator: RecvByteBufferAllocator {
    static let smallest = 128
    private static let largest = 65_536
    private static let factor = 8

    private var size = Self.smallest

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer { allocator.buffer(capacity: size) }

    func nextBufferSize() -> Int? { size }

    mutating func record(actualReadBytes: Int) -> Bool {
        if actualReadBytes >= size, size < Self.largest {
            size *= Self.factor
            return true
        }
        if actualReadBytes < size / Self.factor, size > Self.smallest { size /= Self.factor }
        return false
    }
}

extension Channel {
    /// Lets go of all buffers but the first, and reads little at a time from here on: a browser says little or nothing
    /// on a stream, and an idle one is to cost little.
    func readLittle() throws {
        guard let options = syncOptions else { return }
        // NIO holds as many buffers as it makes reads at once.
        try options.setOption(ChannelOptions.maxMessagesPerRead, value: 1)
        try options.setOption(
            .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: RequestBufferAllocator.smallest))
    }
}
