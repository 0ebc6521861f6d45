import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A TCP connection of the suite, made by it or accepted.
///
/// What has been received waits in the ``inbox``; a step reads it with ``receive(until:_:)``.
final class Connection: Sendable {
    /// What the peer has sent and no step has read.
    struct Received: Sendable {
        /// In the order in which they came; a step takes them off the front.
        var bytes: ArraySlice<UInt8> = []
        /// How the peer's side ended; nil while it has not.
        var end: End?
    }

    /// How a peer ends what it sends.
    enum End: Hashable, Sendable {
        /// In good order: there is nothing more to read.
        case finished
        /// It was broken off; the words of the system.
        case reset(String)
    }

    /// Why bytes were not sent.
    enum Failure: Error, Hashable {
        /// The peer did not take them in time; `sent` of them were handed over.
        case late(sent: Int)
        /// The connection is gone; `sent` of them were handed over before.
        case gone(sent: Int)
    }

    /// More than these bytes are not kept: the connection is not read until a step has taken some.
    static let mostBytes = 64 << 20

    private struct Flow {
        var isPaused = false
        var isFull = false
        var isReading: Bool { !isPaused && !isFull }
    }

    /// The channel, on whose event loop what arrives is taken.
    let channel: any Channel
    /// What was received; it ends with the peer's side.
    let inbox = Inbox(Received())
    private let flow = Mutex(Flow())

    /// Takes over a channel that is new; on its event loop, as its initializer does.
    init(adopting channel: any Channel) throws {
        self.channel = channel
        try channel.pipeline.syncOperations.addHandler(Handler(self))
    }

    /// Connects to a port.
    static func connect(host: String, port: Int, within time: Duration = .seconds(5)) async throws -> Connection {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connectTimeout(TimeAmount(time))
            .connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture { try Connection(adopting: channel) }
            }
    }

    /// Whether an error of ``connect(host:port:within:)`` says that nobody listens there.
    static func isRefusal(_ error: any Error) -> Bool {
        switch error {
        case let error as NIOConnectionError:
            !error.connectionErrors.isEmpty && error.connectionErrors.allSatisfy { isRefusal($0.error) }
        case let error as IOError: error.errnoCode == ECONNREFUSED
        default: false
        }
    }

    /// Whether the peer has neither ended its side nor broken the connection off.
    var isOpen: Bool { inbox.content.end == nil && channel.isActive }

    /// Waits for something in what has been received; see ``Inbox/wait(until:_:)``.
    func receive<Found: Sendable>(
        until deadline: ContinuousClock.Instant,
        _ find: @Sendable (inout Received, _ isEnded: Bool) throws -> Found?
    ) async throws -> Found {
        defer { takeMore() }
        return try await inbox.wait(until: deadline, find)
    }

    /// Takes what has come, or waits for it as long as the connection lives; nil if nothing more can come.
    func nextBytes() async -> ArraySlice<UInt8>? {
        try? await receive(until: .now + Self.lifetime) { received, _ in
            guard !received.bytes.isEmpty else { return nil }
            defer { received.bytes = [] }
            return received.bytes
        }
    }

    /// No connection of the suite lives as long.
    static let lifetime = Duration.seconds(86_400)
}

extension Connection {
    /// Bytes up to which each piece is as small as the cut says; longer ones are cut into larger, odd pieces.
    static let mostSmallBytes = 16 << 10

    /// Writes bytes; each piece is handed to the system before the next.
    ///
    /// - Throws: ``Failure``
    func send(_ bytes: [UInt8], cut: Trial.Cut = .whole, within time: Duration = .seconds(30)) async throws {
        let isLong = bytes.count > Self.mostSmallBytes
        let size =
            switch cut {
            case .whole: max(bytes.count, 1)
            case .single: isLong ? 1009 : 1
            case .double: isLong ? 2003 : 2
            }
        try await Sending(bytes, size: size, on: channel).run(within: time)
    }

    /// Ends the sending side.
    func shutOutput() async throws {
        do { try await channel.close(mode: .output) } catch { throw Failure.gone(sent: 0) }
    }

    /// Closes the connection; one that is closed already stays so.
    func close() async {
        try? await channel.close()
    }

    /// Breaks the connection off with a TCP reset.
    ///
    /// - Throws: ``Failure/gone(sent:)`` if it was gone before.
    func reset() async throws {
        do {
            // A close that lingers for 0 seconds is a reset.
            let provider = channel as? any SocketOptionProvider
            try await provider?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
            try await channel.close()
        } catch { throw Failure.gone(sent: 0) }
    }

    /// Reads nothing from now on.
    func pause() async { await changeFlow { $0.isPaused = true } }

    /// Reads again.
    func resume() async { await changeFlow { $0.isPaused = false } }

    private func changeFlow(_ change: @escaping @Sendable (inout Flow) -> Void) async {
        try? await channel.eventLoop.submit { self.apply(change) }.get()
    }

    /// On the event loop alone, so that the channel always follows the last change.
    private func apply(_ change: (inout Flow) -> Void) {
        let isReading = flow.withLock { flow in
            change(&flow)
            return flow.isReading
        }
        channel.setOption(.autoRead, value: isReading).whenComplete { _ in }
    }

    /// A step has taken something.
    private func takeMore() {
        guard flow.withLock({ $0.isFull }) else { return }
        channel.eventLoop.execute { self.readIfThereIsRoom() }
    }

    private func readIfThereIsRoom() {
        if inbox.content.bytes.count <= Self.mostBytes / 2 { apply { $0.isFull = false } }
    }

    fileprivate func take(_ bytes: ByteBufferView) {
        let count = inbox.update { received in
            received.bytes.append(contentsOf: bytes)
            return received.bytes.count
        }
        guard count > Self.mostBytes else { return }
        apply { $0.isFull = true }
        // A step that took it all before the flow was full looks at it no more.
        readIfThereIsRoom()
    }

    fileprivate func end(_ end: End) {
        inbox.update { $0.end = $0.end ?? end }
        inbox.end()
    }
}

/// Puts what arrives into the connection's inbox.
private final class Handler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: Connection

    init(_ connection: Connection) { self.connection = connection }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connection.take(unwrapInboundIn(data).readableBytesView)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed { connection.end(.finished) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        connection.end(.reset("\(error)"))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        connection.end(.finished)
        context.fireChannelInactive()
    }
}
