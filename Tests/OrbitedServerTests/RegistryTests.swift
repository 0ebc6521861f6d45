import NIOCore
import OrbitedCore
import OrbitedTesting
import OrbitedTransports
import OrbitedWire
import Testing

@testable import OrbitedServer

/// What this target has of `protocol/registry.json`.
private struct Registry: Decodable {
    struct Limit: Decodable {
        let name: String
        let value: Int
        let setting: String?
    }

    struct Default: Decodable {
        let name: String
        let setting: String?
    }

    struct Transport: Decodable {
        let name: String
        /// `nil` for a WebSocket, which has no response.
        let contentType: String?
    }

    let limits: [Limit]
    let defaults: [Default]
    let transports: [Transport]

    static func load() throws -> Registry {
        try Repository.read(Registry.self, from: "protocol/registry.json")
    }

    func limit(_ name: String) throws -> Int { try #require(limits.first { $0.name == name }).value }
}

@Suite("The registry and the configuration")
struct ServerRegistryTests {
    @Test("The default limits are the registry's")
    func limits() throws {
        let registry = try Registry.load()
        let (configuration, seconds) = (Configuration(), { (duration: Duration) in Int(duration.components.seconds) })
        let ours = [
            "control.line": configuration.control.maxLine, "control.headers": configuration.control.maxHeaders,
            "control.recipients": configuration.control.maxRecipients, "control.body": configuration.control.maxBody,
            "control.id": ControlLimits.id, "control.head": ControlLimits().head,
            "control.length": ControlLimits.length,
            "control.frame_timeout": seconds(configuration.control.frameTimeout),
            "control.in_flight": configuration.control.maxInFlight,
            "control.in_flight_bytes": configuration.control.maxInFlightBytes,
            "control.connections": configuration.control.maxConnections,
            "control.watches": ControlLimits.watches, "control.notices": ControlLimits.notices,
            "control.notice_bytes": ControlLimits.noticeBytes, "control.list": ControlLimits.maxList,
            "callbacks.waiting": configuration.callbacks.maxWaiting,
            "callbacks.waiting_bytes": configuration.callbacks.maxWaitingBytes,
            "http.head": configuration.http.maxHead, "http.head_timeout": seconds(configuration.http.headTimeout),
            "http.idle_timeout": seconds(configuration.http.idleTimeout),
            "http.write_timeout": seconds(configuration.http.writeTimeout), "http.form": configuration.http.maxForm,
            "http.connections": configuration.http.maxConnections, "session.waiting": configuration.session.maxWaiting,
            "session.waiting_bytes": configuration.session.maxWaitingBytes,
            "session.polls": configuration.session.maxPolls,
            "proxy.connect_timeout": seconds(configuration.proxy.connectTimeout),
            "proxy.response_timeout": seconds(configuration.proxy.responseTimeout),
            "iframe.max_bytes": configuration.transport.iframeMaxBytes,
            "session.replay": configuration.session.maxReplay,
            "session.replay_bytes": configuration.session.maxReplayBytes,
            "session.replay_age": seconds(configuration.session.replayAge), "ws.message": configuration.http.maxMessage,
        ]
        #expect(Set(ours.keys) == Set(registry.limits.map(\.name)))
        for (name, value) in ours { #expect(try registry.limit(name) == value, "\(name)") }
    }

    @Test("The layers below have the same defaults as the configuration")
    func layers() {
        #expect(SessionLimits(Configuration()) == SessionLimits())
        #expect(ControlConnectionLimits(Configuration()).frame == ControlLimits())
    }

    @Test("Each setting that the registry names can be set")
    func settings() throws {
        let registry = try Registry.load()
        let names = Set(Setting.current.map { "[\($0.id.section.rawValue)] \($0.id.key)" })
        for name in registry.limits.compactMap(\.setting) + registry.defaults.compactMap(\.setting) {
            #expect(names.contains(name), "\(name)")
        }
    }

    @Test("The transports are the registry's, with their content types")
    func transports() throws {
        let registry = try Registry.load()
        let list = TransportList(allowsRaw: true)
        #expect(Set(list.names) == Set(registry.transports.map(\.name)))
        for entry in registry.transports {
            for transport in list.all where transport.name == entry.name && transport.carrier == .response {
                #expect(transport.contentType == entry.contentType)
            }
        }
    }
}
