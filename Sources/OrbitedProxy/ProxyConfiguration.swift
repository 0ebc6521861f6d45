import NIOCore

/// How the proxy treats the applications behind it.
public struct ProxyConfiguration: Sendable, Equatable {
    /// Whether connections to applications are used again. Default: true (`proxy.keepalive`).
    ///
    /// If not, each request says `Connection: close` and none is kept.
    public var keepAlive: Bool

    /// How long an unused connection to an application stays open. Default: 300 s
    /// (`proxy.keepalive_default_timeout`, the value of 2007).
    public var idleTimeout: TimeAmount

    /// How long connecting to an application may take before the browser gets a 504. Default: 5 s
    /// (`proxy.connect_timeout`).
    public var connectTimeout: TimeAmount

    /// How long an application may take nothing of a request or send nothing of its response. Default: 60 s
    /// (`proxy.response_timeout`, the value that other proxies have too).
    ///
    /// It counts from the request's end, and anew from each part of the response; while the browser takes nothing,
    /// the clock stands still. Before the response's head the browser gets a 504, after it the response is broken off.
    public var responseTimeout: TimeAmount

    /// How many unused connections to one application an event loop keeps. Default: 32; beyond, the one that is unused
    /// for longest is closed.
    public var maxIdlePerApplication: Int

    /// A configuration with the defaults, but for what is named.
    public init(
        keepAlive: Bool = true, idleTimeout: TimeAmount = .seconds(300), connectTimeout: TimeAmount = .seconds(5),
        responseTimeout: TimeAmount = .seconds(60), maxIdlePerApplication: Int = 32
    ) {
        self.keepAlive = keepAlive
        self.idleTimeout = idleTimeout
        self.connectTimeout = connectTimeout
        self.responseTimeout = responseTimeout
        self.maxIdlePerApplication = maxIdlePerApplication
    }
}
