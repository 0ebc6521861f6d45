import NIOCore
import NIOSSL

/// How a client reaches its server, and how long it waits.
public struct ClientOptions: Sendable {
    /// Whether connections are encrypted.
    public enum TLS: Sendable {
        /// They are not.
        case disabled
        /// They are; the server's certificate must be good for ``ClientOptions/host``, unless the configuration says
        /// otherwise. Default: the system's authorities.
        case enabled(TLSConfiguration = .makeClientConfiguration())
    }

    /// What is done with a call for which the queue has no room.
    public enum WhenFull: String, Hashable, Sendable, CaseIterable {
        /// It waits in spite of that, until its time is over: the bound is what the program calls without waiting.
        case wait
        /// It fails at once with ``OrbitedError/Kind/queueFull``.
        case fail
        /// The one that has waited longest fails with ``OrbitedError/Kind/dropped``.
        case dropOldest = "drop_oldest"
    }

    /// The server's name or address. Default `localhost`.
    public var host: String
    /// Its control port (`op.port`), 1 to 65,535. Default 9000.
    public var port: Int
    /// Default: disabled.
    public var tls = TLS.disabled
    /// What the server was given as its secret (`op.secret`). Default: none. [CTL-131]
    public var secret: ByteBuffer?
    /// How long each call may take as a whole; nil: for ever. Default 60 s.
    public var timeout: Duration? = .seconds(60)
    /// How long an attempt to connect may take, and the server's answer to the first frame, or to a sign of life that it
    /// is asked for. Default 10 s.
    public var connectTimeout: Duration = .seconds(10)
    /// After which silence the server is asked for a sign of life, while something is awaited. Default 30 s.
    public var heartbeat: Duration = .seconds(30)
    /// How many calls may wait to be sent: for a connection, or for replies to as many as ``ClientLimits`` lets be in
    /// flight. Default 1,000.
    public var queue = 1_000
    /// What is done with one more. Default ``WhenFull/wait``.
    public var whenFull = WhenFull.wait
    /// How the ids of this client begin, up to 100 bytes in one line; so those who watch can tell publishers apart.
    /// Default: 10 random hexadecimal digits and `-`.
    public var idPrefix = ClientOptions.randomPrefix()
    /// Where the server's limits are not the defaults.
    public var limits = ClientLimits()

    /// Creates options with their defaults.
    public init(host: String = "localhost", port: Int = 9000) {
        self.host = host
        self.port = port
    }

    private static func randomPrefix() -> String {
        String((0..<10).map { _ in "0123456789abcdef".randomElement() ?? "0" }) + "-"
    }

    /// The server, for people.
    var server: String { "\(host):\(port)" }

    func check() {
        limits.check()
        precondition(secret?.readableBytes ?? 0 <= limits.body, "a secret is no longer than a body")
        precondition(!host.isEmpty, "the host is a name or an address")
        precondition((1...65_535).contains(port), "a port is a number from 1 to 65535")
        precondition(queue >= 0, "the queue is a number of calls")
        precondition(connectTimeout > .zero && heartbeat > .zero, "times are longer than nothing")
        precondition(timeout ?? .zero >= .zero, "a time-out is not negative")
        precondition(idPrefix.utf8.count <= 100, "a prefix of ids has up to 100 bytes")
        precondition(idPrefix.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "a prefix of ids is text in one line")
    }
}
