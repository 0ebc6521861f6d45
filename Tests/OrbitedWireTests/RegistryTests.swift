import OrbitedWire
import OrbitedTesting
import Testing

/// What this target has of `protocol/registry.json`.
struct Registry: Decodable {
    let codes: [Code]
    let limits: [Limit]
    let defaults: [Default]

    struct Code: Decodable {
        let code: UInt16
        let name: String
        let message: String
        let retry: Bool
        let closes: Bool
    }

    struct Limit: Decodable {
        let name: String
        let value: Int
        let code: UInt16?
    }

    struct Default: Decodable {
        let name: String
        /// The value, if it is a number.
        let number: Int?

        private enum CodingKeys: CodingKey { case name, value }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            name = try container.decode(String.self, forKey: .name)
            number = try? container.decode(Int.self, forKey: .value)
        }
    }

    static func load() throws -> Registry {
        try Repository.read(Registry.self, from: "protocol/registry.json")
    }
}

@Suite("The registry")
struct RegistryTests {
    @Test("the registry has our codes, in our order")
    func codes() throws {
        #expect(try Registry.load().codes.map(\.code) == ControlCode.allCases.map(\.rawValue))
    }

    @Test("a code is as the registry says", arguments: ControlCode.allCases)
    func code(_ code: ControlCode) throws {
        let entry = try #require(try Registry.load().codes.first { $0.code == code.rawValue })
        #expect(code.name == entry.name)
        #expect(code.message == entry.message)
        #expect(code.retryHelps == entry.retry)
        #expect(code.closes == entry.closes)
    }

    @Test(
        "a sentence has a place for a limit only if the registry has a limit for the code",
        arguments: ControlCode.allCases)
    func placeholders(_ code: ControlCode) throws {
        let limits = try Registry.load().limits.filter { $0.code == code.rawValue }
        if code.message.contains("{limit}") { #expect(limits.count == 1) }
    }

    @Test("the default limits are the registry's")
    func limits() throws {
        let limits = Dictionary(uniqueKeysWithValues: try Registry.load().limits.map { ($0.name, $0.value) })
        #expect(ControlLimits().line == limits["control.line"])
        #expect(ControlLimits().headers == limits["control.headers"])
        #expect(ControlLimits().recipients == limits["control.recipients"])
        #expect(ControlLimits().head == limits["control.head"])
        #expect(ControlLimits().body == limits["control.body"])
        #expect(ControlLimits.id == limits["control.id"])
        #expect(ControlLimits.length == limits["control.length"])
        #expect(ControlLimits.watches == limits["control.watches"])
        #expect(ControlLimits.notices == limits["control.notices"])
        #expect(ControlLimits.noticeBytes == limits["control.notice_bytes"])
        #expect(ControlLimits.maxList == limits["control.list"])
    }

    @Test("a list that names no limit has the registry's")
    func defaultList() throws {
        #expect(try Registry.load().defaults.first { $0.name == "list.limit" }?.number == ControlLimits.defaultList)
    }

    @Test("no sentence can break a reply line, or split it", arguments: ControlCode.allCases)
    func sentences(_ code: ControlCode) {
        #expect(!code.message.isEmpty)
        #expect(!code.message.contains { $0.isNewline })
        #expect(!code.message.contains(": "))
    }
}
