import NIOCore
import OrbitedCore
import OrbitedProxy

/// All that a server can be told before it starts.
///
/// Each field has a line in ``Setting/all``, which says how it is written in `orbited.cfg`, as a flag and in the
/// environment, and which values are taken there. A value set in code is taken as it is.
public struct Configuration: Sendable, Equatable {
    /// How many event loops share the work. Default: one for each core that this process may use; 1 to 1024.
    public var loops = min(max(System.coreCount, 1), 1024)

    /// Whether a listener may be reached from other machines. Default: no, since there is no authentication.
    public var remoteAllowed = false

    /// How long a stopping server waits for open connections to end by themselves. Default: 5 seconds.
    public var shutdownTimeout: Duration = .seconds(5)

    /// The listener of the browsers.
    public var http = HTTP()

    /// The listener of the web applications.
    public var control = Control()

    /// The listener of the HTTP control API.
    public var admin = Admin()

    /// What the application is told by requests of the server's own.
    public var callbacks = Callbacks()

    /// How long sessions live, and how much waits in them.
    public var session = Session()

    /// The transports that carry events to browsers.
    public var transport = Transport()

    /// The reverse proxy.
    public var proxy = Proxy()

    /// The log.
    public var log = Log()

    /// The configuration of a server that was told nothing.
    public init() {}
}

extension Configuration {
    /// How long sessions live, and how much waits in them.
    public struct Session: Sendable, Equatable {
        /// The grace: how long a session outlives its connection. Default: 5 seconds, as in 2007; 0 ends it at once.
        public var timeout: Duration = .seconds(5)

        /// The session's name in a request that names none. Default: `0`, as in 2007.
        public var defaultKey = "0"

        /// How often an event whose write failed half-way is tried again. Default: 1, as in 2007.
        public var retryLimit = 1

        /// How many events wait for an absent browser. Default: 1,000 events.
        public var maxWaiting = 1000

        /// How many bytes of bodies wait for an absent browser. Default: 1 MiB.
        public var maxWaitingBytes = 1_048_576

        /// What becomes of events beyond that. Default: the newest is refused.
        public var overflow = OverflowPolicy.refuse

        /// How many polls of one session wait at once; one more answers the oldest empty. Default: 4 polls.
        public var maxPolls = 4

        /// How many written events are kept to be sent again until a browser shows that it has them. Default: 256 events.
        public var maxReplay = 256

        /// How many bytes of bodies of written events are kept to be sent again. Default: 1 MiB.
        public var maxReplayBytes = 1_048_576

        /// How old an event may be that is sent again. Default: 120 seconds.
        public var replayAge: Duration = .seconds(120)
    }

    /// The transports that carry events to browsers.
    public struct Transport: Sendable, Equatable {
        /// The transport of a request that names none. Default: `sse`.
        public var defaultName = "sse"

        /// How long a poll waits for an event before it is answered empty. Default: 30 seconds, as in 2007.
        public var xhrTimeout: Duration = .seconds(30)

        /// The silence after which a stream is pinged. Default: 25 seconds, since proxies cut at 60.
        public var heartbeat: Duration = .seconds(25)

        /// How much an iframe is sent before it is reloaded, since browsers keep it all. Default: 8 MiB.
        public var iframeMaxBytes = 8_388_608

        /// Whether there are transports that hand bodies to the browser as they are. Default: no.
        public var allowsRaw = false
    }

    /// The log.
    public struct Log: Sendable, Equatable {
        /// Whether anything is logged. Default: yes.
        public var enabled = true

        /// The least level that is logged: `trace`, `debug`, `info`, `notice`, `warning`, `error` or `critical`.
        /// Default: `info`.
        public var level = "info"
    }
}
