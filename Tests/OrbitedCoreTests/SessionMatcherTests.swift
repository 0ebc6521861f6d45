import OrbitedTesting
import OrbitedWire
import Testing

@testable import OrbitedCore

@Suite("Finding the sessions that a pattern stands for")
struct SessionMatcherTests {
    /// Names of which the first two of each row have one hash.
    private static let names = ["costarring", "liquid", "declinate", "macallums", "altarage", "zinke", "a", "b"]

    private func slots(of pattern: KeyPattern, in matcher: SessionMatcher, _ model: [UInt32: ConnectionKey]) -> [UInt32]
    {
        (matcher.candidates(for: pattern) ?? Array(model.keys)).filter { slot in
            model[slot].map { pattern.matches($0) } ?? false
        }
    }

    @Test("names of one hash are told apart")
    func collisions() throws {
        var matcher = SessionMatcher()
        matcher.insert(TestHouse.key("costarring"), at: 0)
        matcher.insert(TestHouse.key("liquid"), at: 1)
        let pattern = try #require(try KeyPattern("liquid, *, *"))
        #expect(matcher.candidates(for: pattern)?.sorted() == [0, 1])
        matcher.remove(TestHouse.key("costarring"), at: 0)
        #expect(matcher.candidates(for: pattern) == [1])
    }

    @Test("a pattern without user and location may stand for any session")
    func all() throws {
        let matcher = SessionMatcher()
        #expect(matcher.candidates(for: try #require(try KeyPattern("*, s, *"))) == nil)
        #expect(matcher.candidates(for: try #require(try KeyPattern("u, *, *"))) == [])
    }

    @Test("whatever came and went, it finds what a look at all sessions finds, each once", arguments: 1...5)
    func random(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        var matcher = SessionMatcher()
        var model: [UInt32: ConnectionKey] = [:]
        for _ in 0..<600 {
            let slot = UInt32.random(in: 0..<40, using: &generator)
            if let key = model.removeValue(forKey: slot) {
                matcher.remove(key, at: slot)
            } else {
                let user = Self.names.randomElement(using: &generator) ?? "a"
                let location = Self.names.randomElement(using: &generator) ?? "a"
                let key = try ConnectionKey("\(user), \(slot), /\(location)")
                model[slot] = key
                matcher.insert(key, at: slot)
            }
            let name = Self.names.randomElement(using: &generator) ?? "a"
            for text in ["\(name), *, *", "*, *, /\(name)", "\(name), *, /\(name)", "*, \(slot), *"] {
                let pattern = try #require(try KeyPattern(text))
                let found = slots(of: pattern, in: matcher, model)
                #expect(found.sorted() == model.filter { pattern.matches($0.value) }.keys.sorted())
            }
        }
    }
}
