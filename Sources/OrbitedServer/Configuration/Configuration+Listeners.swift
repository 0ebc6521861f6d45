import OrbitedProxy

extension Configuration {
    /// The listener of the browsers.
    public struct HTTP: Sendable, Equatable {
        /// The address to listen on: an IP address or a host name. Default: `127.0.0.1`.
        public var host = "127.0.0.1"

        /// The TCP port; with 0 the system chooses one. Default: 8000, as in 2007.
        public var port = 8000

        /// The other origins whose pages may have events. Default: none, so only pages of the server's own.
        public var origins = OriginRule.listed([])

        /// Whether there is an example page, as long as the address is a loopback address. Default: yes.
        public var example = true

        /// How long a request's head may take to arrive. Default: 10 seconds.
        public var headTimeout: Duration = .seconds(10)

        /// How long a connection stays open between two requests. Default: 75 seconds.
        public var idleTimeout: Duration = .seconds(75)

        /// How long a browser's socket may take nothing before it is dropped. Default: 30 seconds.
        public var writeTimeout: Duration = .seconds(30)

        /// How large a request's head may be. Default: 16 KiB.
        public var maxHead = 16384

        /// How large a posted form may be. Default: 64 KiB.
        public var maxForm = 65536

        /// How large a message on a WebSocket may be. Default: 4 KiB.
        public var maxMessage = 4096

        /// How many browser connections are open at once. Default: 100,000 connections.
        public var maxConnections = 100_000
    }

    /// The listener of the web applications, which speak Orbit there.
    public struct Control: Sendable, Equatable {
        /// The address to listen on: an IP address or a host name. Default: `127.0.0.1`.
        public var host = "127.0.0.1"

        /// The TCP port; with 0 the system chooses one. Default: 9000, as in 2007.
        public var port = 9000

        /// What applications must show. Default: none, so that each one is let in that can connect.
        public var secret: Secret?

        /// How long a line of a frame's head may be. Default: 8 KiB.
        public var maxLine = 8192

        /// How many headers a frame may have beside its recipients. Default: 64 headers.
        public var maxHeaders = 64

        /// How many recipients an event may name. Default: 100,000 recipients.
        public var maxRecipients = 100_000

        /// How many bytes the head of a frame may have, its lines and their ends. Default: 16 MiB.
        public var maxHead = 16_777_216

        /// How large an event's body may be. Default: 1 MiB.
        public var maxBody = 1_048_576

        /// How long a frame may take from its first byte to its last. Default: 30 seconds.
        public var frameTimeout: Duration = .seconds(30)

        /// How many events of a connection may be unanswered before it is read no further. Default: 10,000 events.
        public var maxInFlight = 10_000

        /// How many bytes of unanswered bodies a connection may have before it is read no further. Default: 64 MiB.
        public var maxInFlightBytes = 67_108_864

        /// How many control connections are open at once. Default: 1,000 connections.
        public var maxConnections = 1000
    }

    /// The listener of the HTTP control API, by which applications and people ask in JSON what Orbit asks.
    public struct Admin: Sendable, Equatable {
        /// Whether there is one. Default: no.
        public var enabled = false

        /// The address to listen on: an IP address or a host name. Default: `127.0.0.1`.
        public var host = "127.0.0.1"

        /// The TCP port; with 0 the system chooses one. Default: 9001, as in 2007.
        public var port = 9001
    }

    /// The reverse proxy, which lets page, application and events share one origin.
    public struct Proxy: Sendable, Equatable {
        /// Whether requests are matched with the rules. Default: no; rules in a file switch it on.
        public var enabled = false

        /// Whether connections to an application are kept for the next request. Default: yes.
        public var keepAlive = true

        /// How long an idle connection to an application is kept. Default: 300 seconds, as in 2007.
        public var keepAliveTimeout: Duration = .seconds(300)

        /// How long connecting to an application may take. Default: 5 seconds.
        public var connectTimeout: Duration = .seconds(5)

        /// How long an application may be silent, before its response or in the middle of it. Default: 60 seconds.
        public var responseTimeout: Duration = .seconds(60)

        /// Which path goes where; the first rule that matches wins. Default: none.
        public var rules: [ProxyRule] = []
    }
}
