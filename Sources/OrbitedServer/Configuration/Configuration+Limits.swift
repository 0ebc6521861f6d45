import NIOCore
import OrbitedCore
import OrbitedProxy
import OrbitedTransports
import OrbitedWire

/// The configuration as the layers below want it.
extension Configuration {
    /// The transports.
    var transportList: TransportList {
        TransportList(iframeMaxBytes: transport.iframeMaxBytes, allowsRaw: transport.allowsRaw)
    }

    /// How often connections are looked at for what is overdue: fine enough for the shortest of their times.
    var sweepInterval: TimeAmount {
        let shortest = min(TimeAmount(http.headTimeout), TimeAmount(http.idleTimeout))
        return max(.milliseconds(10), min(.seconds(1), .nanoseconds(shortest.nanoseconds / 10)))
    }

    /// The rules of the proxy; none when it is off.
    var proxyRules: ProxyRules { ProxyRules(proxy.enabled ? proxy.rules : []) }

    /// How the proxy treats applications.
    var proxyConfiguration: ProxyConfiguration {
        ProxyConfiguration(
            keepAlive: proxy.keepAlive, idleTimeout: TimeAmount(proxy.keepAliveTimeout),
            connectTimeout: TimeAmount(proxy.connectTimeout), responseTimeout: TimeAmount(proxy.responseTimeout))
    }
}

extension SessionLimits {
    init(_ configuration: Configuration) {
        self.init()
        grace = TimeAmount(configuration.session.timeout)
        maxWaiting = configuration.session.maxWaiting
        maxWaitingBytes = configuration.session.maxWaitingBytes
        overflow = configuration.session.overflow
        maxPolls = configuration.session.maxPolls
        maxReplay = configuration.session.maxReplay
        maxReplayBytes = configuration.session.maxReplayBytes
        replayAge = TimeAmount(configuration.session.replayAge)
        retryLimit = configuration.session.retryLimit
        heartbeat = TimeAmount(configuration.transport.heartbeat)
        pollTimeout = TimeAmount(configuration.transport.xhrTimeout)
        writeTimeout = TimeAmount(configuration.http.writeTimeout)
    }
}

extension HTTPSettings {
    init(_ configuration: Configuration) {
        defaults = EventURL.Defaults(
            session: configuration.session.defaultKey, transport: configuration.transport.defaultName)
        transports = configuration.transportList
        rules = configuration.proxyRules
        origins = configuration.http.origins
        files = DaemonFiles(configuration)
        maxForm = configuration.http.maxForm
        maxMessage = configuration.http.maxMessage
        connections = ConnectionLimit(configuration.http.maxConnections)
    }
}

extension ControlConnectionLimits {
    init(_ configuration: Configuration) {
        let control = configuration.control
        frame = ControlLimits(
            line: control.maxLine, headers: control.maxHeaders, recipients: control.maxRecipients,
            body: control.maxBody,
            head: control.maxHead)
        secret = control.secret
        frameTimeout = TimeAmount(control.frameTimeout)
        maxInFlight = control.maxInFlight
        maxInFlightBytes = control.maxInFlightBytes
        connections = ConnectionLimit(control.maxConnections)
    }
}
