import Glibc
import Logging
import NIOCore
import NIOPosix

/// A port that is listened on.
struct Listener: Sendable {
    /// What comes in at the port.
    enum Purpose: String, Sendable {
        /// Browsers.
        case http
        /// Applications.
        case control
        /// The HTTP control API.
        case admin

        /// How much is read at once. An application sends events one after the other.
        fileprivate var receiveAllocator: any RecvByteBufferAllocator {
            switch self {
            case .http: RequestBufferAllocator()
            case .control, .admin:
                AdaptiveRecvByteBufferAllocator(minimum: 1_024, initial: 16_384, maximum: 262_144)
            }
        }

        /// How many bytes the system holds that it has not sent yet. Left to itself it takes megabytes for a browser
        /// that reads nothing, and all of them would count as written. Connections take this over from the listening
        /// socket.
        fileprivate var unsentBytes: CInt? {
            switch self {
            case .http: 131_072
            case .control, .admin: nil
            }
        }

        /// The flag that sets the port.
        var flag: String {
            switch self {
            case .http: "--http-port"
            case .control: "--op-port"
            case .admin: "--admin-port"
            }
        }

        /// Who connects.
        var peers: String {
            switch self {
            case .http: "browsers"
            case .control: "applications"
            case .admin: "the HTTP control API"
            }
        }
    }

    /// After how many seconds of silence the system asks whether the peer is there still: it may have gone without a
    /// word, and not every transport has a heartbeat. Connections take this over from the listening socket.
    private static let silence = 60

    private let channel: any Channel
    /// What it is for.
    let purpose: Purpose
    /// The address, with the port that the system chose if it was to choose one.
    let address: SocketAddress

    /// Binds and begins to accept; each connection is set up on its own loop.
    static func bind(
        _ purpose: Purpose, host: String, port: Int, group: MultiThreadedEventLoopGroup, logger: Logger,
        setUp: @escaping @Sendable (any Channel) throws -> Void
    ) async throws(ListenerError) -> Listener {
        do {
            let channel = try await ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 4096)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .serverChannelOption(.socketOption(.so_keepalive), value: 1)
                .serverChannelOption(.tcpOption(.init(rawValue: TCP_KEEPIDLE)), value: Self.silence)
                .serverChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        boundUnsent(purpose.unsentBytes, on: channel)
                        try channel.pipeline.syncOperations.addHandler(AcceptErrorHandler(logger: logger))
                    }
                }
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let options = channel.syncOptions
                        try options?.setOption(.allowRemoteHalfClosure, value: true)
                        try options?.setOption(.recvAllocator, value: purpose.receiveAllocator)
                        try setUp(channel)
                    }
                }
                .bind(host: host, port: port).get()
            guard let address = channel.localAddress else { throw ChannelError.unknownLocalAddress }
            return Listener(channel: channel, purpose: purpose, address: address)
        } catch {
            throw ListenerError(purpose: purpose, host: host, port: port, cause: error)
        }
    }

    /// A system that knows no such bound is no reason not to listen.
    private static func boundUnsent(_ bytes: CInt?, on channel: any Channel) {
        guard let bytes else { return }
        try? channel.syncOptions?.setOption(.tcpOption(.init(rawValue: TCP_NOTSENT_LOWAT)), value: .init(bytes))
    }

    /// Stops accepting; connections go on.
    func close() async {
        try? await channel.close()
    }
}

/// A port that can't be listened on.
public struct ListenerError: Error, CustomStringConvertible {
    let purpose: Listener.Purpose
    let host: String
    let port: Int
    /// What the system said.
    let cause: any Error

    /// One line that says what to do.
    public var description: String {
        let what = "can't listen on \(host):\(port) for \(purpose.peers)"
        switch (cause as? IOError)?.errnoCode {
        case EADDRINUSE:
            return "\(what): the port is in use, perhaps by another Orbited; choose another with \(purpose.flag)"
        case EACCES:
            return "\(what): ports below 1024 need root; choose another with \(purpose.flag)"
        default:
            return "\(what): \(cause)"
        }
    }
}
