import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// One end of a TCP connection whose every byte the test writes and reads itself. All waiting is bounded.
struct Peer: Sendable {
    /// Why what a test waits for did not come.
    enum Failure: Error {
        case timedOut(got: String)
        case ended(got: String)
        case reset
    }

    /// The longest that anything may take; nothing here takes long unless it is broken.
    static let patience = TimeAmount.seconds(20)

    let channel: any Channel
    private let inbox: NIOLoopBound<Inbox>

    /// Connects; with a small receive buffer the other side soon feels that this one does not read.
    static func connect(to address: SocketAddress, receiveBuffer: Int? = nil) async throws -> Peer {
        let made = Mutex<NIOLoopBound<Inbox>?>(nil)
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(patience)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let inbox = Inbox()
                    try channel.pipeline.syncOperations.addHandler(inbox)
                    made.withLock { $0 = NIOLoopBound(inbox, eventLoop: channel.eventLoop) }
                }
            }
        if let receiveBuffer {
            bootstrap =
                bootstrap
                .channelOption(.socketOption(.so_rcvbuf), value: SocketOptionValue(receiveBuffer))
                .channelOption(.autoRead, value: false)
        }
        let channel = try await bootstrap.connect(to: address).get()
        guard let inbox = made.withLock({ $0 }) else { throw ChannelError.unknownLocalAddress }
        return Peer(channel: channel, inbox: inbox)
    }

    // MARK: Writing

    func send(_ text: String) async throws { try await send(ByteBuffer(string: text)) }

    func send(_ bytes: ByteBuffer) async throws { try await channel.writeAndFlush(bytes) }

    /// Writes without waiting until the other side has taken it.
    func start(sending bytes: ByteBuffer) { channel.writeAndFlush(bytes, promise: nil) }

    /// Says that nothing more comes from here.
    func closeOutput() async throws { try await channel.close(mode: .output) }

    /// How many bytes that were sent the system has not taken yet.
    func unsentBytes() async throws -> Int { try await channel.getOption(.bufferedWritableBytes).get() }

    func close() async { try? await channel.close() }

    /// Closes with a reset, as a crash does.
    func reset() async throws {
        try await (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        await close()
    }

    // MARK: Reading

    func setReading(_ isOn: Bool) async throws { try await channel.setOption(.autoRead, value: isOn).get() }

    /// What comes, up to and with a text.
    func take(through end: String) async throws -> String {
        let end = Array(end.utf8)
        return try await wait { bytes, isOver in
            guard let range = bytes.firstRange(of: end) else {
                if isOver { throw Failure.ended(got: String(buffer: bytes)) }
                return nil
            }
            return bytes.readString(length: range - bytes.readerIndex + end.count)
        }
    }

    /// So many bytes of what comes.
    func take(count: Int) async throws -> ByteBuffer {
        try await wait { bytes, isOver in
            if isOver, bytes.readableBytes < count { throw Failure.ended(got: String(buffer: bytes)) }
            return bytes.readSlice(length: count)
        }
    }

    /// What has come, as soon as there is any, but no more than so many bytes.
    func takeSome(atMost count: Int) async throws -> ByteBuffer {
        try await wait { bytes, isOver in
            if bytes.readableBytes == 0, !isOver { return nil }
            guard let some = bytes.readSlice(length: min(count, bytes.readableBytes)), some.readableBytes > 0 else {
                throw Failure.ended(got: "")
            }
            return some
        }
    }

    /// One chunk of a chunked body, with its framing; the last one too.
    func takeChunk() async throws -> ByteBuffer {
        try await wait { bytes, isOver in
            let view = bytes.readableBytesView
            if let end = view.firstIndex(of: UInt8(ascii: "\r")),
                let count = Int(String(buffer: bytes[until: end]), radix: 16),
                let chunk = bytes.getSlice(at: end + 2, length: count),
                bytes.readableBytes >= end - view.startIndex + count + 4
            {
                bytes.moveReaderIndex(to: end + 2 + count + 2)
                return chunk
            }
            if isOver { throw Failure.ended(got: String(buffer: bytes)) }
            return nil
        }
    }

    /// All that comes until the other side closes.
    func takeAll() async throws -> String {
        try await wait { bytes, isOver in isOver ? bytes.readString(length: bytes.readableBytes) : nil }
    }

    private func wait<Value: Sendable>(
        _ look: @escaping @Sendable (inout ByteBuffer, _ isOver: Bool) throws -> Value?
    ) async throws -> Value {
        let inbox = inbox
        return try await channel.eventLoop.flatSubmit { inbox.value.wait(look) }.get()
    }
}

extension ByteBuffer {
    fileprivate subscript(until end: Int) -> ByteBuffer {
        getSlice(at: readerIndex, length: end - readerIndex) ?? ByteBuffer()
    }

    /// Where the bytes first stand.
    fileprivate func firstRange(of wanted: [UInt8]) -> Int? {
        let view = readableBytesView
        guard let first = wanted.first else { return nil }
        var from = view.startIndex
        while let found = view[from...].firstIndex(of: first) {
            if view[found...].starts(with: wanted) { return found }
            from = found + 1
        }
        return nil
    }
}

/// Keeps what comes until the test asks for it.
private final class Inbox: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var bytes = ByteBuffer()
    private var isOver = false
    private var wasReset = false
    private var context: ChannelHandlerContext?
    /// Looks whether what is waited for is there; answers whether the waiting is over.
    private var waiter: (() -> Bool)?

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func wait<Value: Sendable>(_ look: @escaping (inout ByteBuffer, Bool) throws -> Value?) -> EventLoopFuture<Value> {
        guard let loop = context?.eventLoop else { preconditionFailure("the inbox is in its channel") }
        let promise = loop.makePromise(of: Value.self)
        let timer = loop.assumeIsolated().scheduleTask(in: Peer.patience) {
            self.waiter = nil
            promise.fail(Peer.Failure.timedOut(got: String(buffer: self.bytes)))
        }
        waiter = {
            do {
                if self.wasReset { throw Peer.Failure.reset }
                guard let value = try look(&self.bytes, self.isOver) else { return false }
                promise.succeed(value)
            } catch {
                promise.fail(error)
            }
            timer.cancel()
            return true
        }
        wake()
        return promise.futureResult
    }

    private func wake() {
        guard let waiter, waiter() else { return }
        self.waiter = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if bytes.readableBytes == 0 { bytes.clear() }
        bytes.writeImmutableBuffer(Self.unwrapInboundIn(data))
        wake()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .some(.inputClosed) = event as? ChannelEvent else { return }
        isOver = true
        wake()
        // As most programs do; whatever is to be read has been read.
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        wasReset = true
        wake()
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        isOver = true
        wake()
    }
}
