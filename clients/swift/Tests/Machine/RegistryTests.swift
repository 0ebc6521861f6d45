import OrbitedTesting
import Testing

@testable import OrbitedClient

/// What this client has of `protocol/registry.json`.
private struct Registry: Decodable {
    let limits: [Limit]

    struct Limit: Decodable {
        let name: String
        let value: Int
    }

    func limit(_ name: String) throws -> Int { try #require(limits.first { $0.name == name }).value }
}

@Suite("The registry and this client's defaults")
struct RegistryTests {
    private let limits = ClientLimits()

    @Test("what a frame may have is what a server takes")
    func frames() throws {
        let registry = try Repository.read(Registry.self, from: "protocol/registry.json")
        #expect(limits.line == (try registry.limit("control.line")))
        #expect(limits.recipients == (try registry.limit("control.recipients")))
        #expect(limits.body == (try registry.limit("control.body")))
        #expect(limits.head == (try registry.limit("control.head")))
    }

    @Test("no more is in flight than lets a server read on")
    func flight() throws {
        let registry = try Repository.read(Registry.self, from: "protocol/registry.json")
        #expect(limits.inFlight < (try registry.limit("control.in_flight")))
        #expect(limits.inFlightBytes < (try registry.limit("control.in_flight_bytes")))
    }
}
