import NIOCore
import OrbitedWire
import Testing

@testable import OrbitedCore

@Suite("Events for all whom a pattern stands for")
struct PatternTests {
    private static let keys = ["a, 0, /chat", "a, 1, /chat", "b, 0, /chat", "b, 0, /news", "c, 1, /", "c, *, /chat"]

    /// A browser for each key, on the shards in turn.
    private func house(shards: Int = 2) -> (house: TestHouse, outlets: [String: TestOutlet]) {
        let house = TestHouse(shards: shards)
        var outlets: [String: TestOutlet] = [:]
        for (index, key) in Self.keys.enumerated() {
            let outlet = TestOutlet.cursors()
            outlets[key] = outlet
            house.attach(outlet, key, to: index % shards)
        }
        return (house, outlets)
    }

    @Test(
        "a pattern stands for the keys that have its fields",
        arguments: [
            ("*, *, /chat", [0, 1, 2, 5]), ("a, *, *", [0, 1]), ("*, 0, *", [0, 2, 3]),
            ("*, *, *", [0, 1, 2, 3, 4, 5]),
            ("b, 0, *", [2, 3]), ("b, *, /news", [3]), ("*, 1, /chat", [1]), ("c, *, /chat", [5]), ("d, *, *", []),
            ("*, *, /cha", []),
        ])
    func fields(pattern: String, indices: [Int]) throws {
        let (house, outlets) = house()
        let event = house.publish("x", to: [], terms: .patterns(pattern))
        for (index, key) in Self.keys.enumerated() {
            #expect(outlets[key]?.received == (indices.contains(index) ? ["x"] : []), "\(key)")
        }
        let receipt = try #require(house.receipt(event))
        #expect(receipt.isComplete && receipt.reached == indices.count && receipt.fates.isEmpty)
    }

    @Test("a key that several recipients stand for gets the event once", arguments: 1...3)
    func once(shards: Int) throws {
        let (house, outlets) = house(shards: shards)
        let terms = EventFrame.Terms.patterns("*, *, /chat", "a, *, *", "*, *, *", "*, *, /chat")
        let event = house.publish("x", to: ["a, 0, /chat", "b, 0, /news", "a, 0, /chat"], terms: terms)
        for key in Self.keys { #expect(outlets[key]?.received == ["x"], "\(key)") }
        let receipt = try #require(house.receipt(event))
        #expect(receipt.isComplete && receipt.reached == 6)
    }

    @Test("those that are not reached come after those that the event names, each with its key")
    func fates() throws {
        let (house, outlets) = house()
        for key in ["a, 1, /chat", "b, 0, /chat"] {
            guard let outlet = outlets[key] else { continue }
            outlet.close(on: house.shards[Self.keys.firstIndex(of: key) == 1 ? 1 : 0], now: house.now)
        }
        let event = house.publish("x", to: ["nobody, 0, /", "b, 0, /chat"], terms: .patterns("*, *, /chat"))
        #expect(house.receipt(event)?.isComplete == false)
        house.pass(.seconds(6))
        let receipt = try #require(house.receipt(event))
        #expect(receipt.isComplete && receipt.reached == 2)
        #expect(receipt.fates.map(\.key.description) == ["nobody, 0, /", "b, 0, /chat", "a, 1, /chat"])
        #expect(receipt.fates.map(\.reason) == [.unreachable, .unreachable, .unreachable])
    }

    @Test("each of them has its own reason")
    func reasons() throws {
        let house = TestHouse { $0.maxWaiting = 1 }
        let users = ["full", "silent", "word", "slow"]
        let outlets = [TestOutlet.stuck(), .iframe(), .cursors(), .stuck()]
        for (user, outlet) in zip(users, outlets) { house.attach(outlet, user) }
        house.publish("first", to: ["full"])
        let terms = EventFrame.Terms(patterns: Recipients(["*, *, /l"]).patterns, ack: .browser, ttl: 1)
        let event = house.publish("x", to: [], terms: terms)
        house.pass(.seconds(2))
        house.acknowledge(2, "word")
        house.settle()
        let receipt = try #require(house.receipt(event))
        #expect(receipt.isComplete && receipt.reached == 1)
        let reasons = Dictionary(uniqueKeysWithValues: receipt.fates.map { ($0.key.user, $0.reason) })
        #expect(reasons == ["full": .overflow, "silent": .unconfirmed, "slow": .expired])
    }

    @Test("a session that begins later does not get it, on whichever shard", arguments: [0, 1], [0, 1])
    func later(shard: Int, first: Int) throws {
        let house = TestHouse(shards: 2)
        house.attach(TestOutlet.cursors(), "there", to: 0)
        let event = house.post("x", to: [], terms: .patterns("*, *, *"))
        let late = TestOutlet.cursors()
        house.attach(late, "late", to: shard)
        house.drain(first)
        house.settle()
        #expect(late.story.isEmpty)
        #expect(try #require(house.receipt(event)).reached == 1)
        house.publish("y", to: [], terms: .patterns("*, *, *"))
        #expect(late.story == ["y"])
    }

    @Test("one that ends before the event reaches its thread is not counted, nor is one that begins in its place")
    func ended() throws {
        let house = TestHouse()
        let gone = TestOutlet.cursors()
        house.attach(gone)
        gone.close(on: house.shard, now: house.now)
        house.now = house.now + .seconds(6)
        let event = house.post("x", to: [], terms: .patterns("*, *, *"))
        house.shard.tick(now: house.now)
        let next = TestOutlet.cursors()
        house.attach(next)
        house.settle()
        let receipt = try #require(house.receipt(event))
        #expect(receipt.isComplete && receipt.reached == 0 && receipt.fates.isEmpty)
        #expect(next.received.isEmpty)
    }

    @Test("sessions that come and go leave the others where they are found")
    func churn() {
        let house = TestHouse()
        var outlets: [TestOutlet] = []
        for index in 0..<30 {
            let outlet = TestOutlet.cursors()
            outlets.append(outlet)
            house.attach(outlet, "u\(index % 10), \(index), /l\(index % 3)")
        }
        for index in stride(from: 0, to: 30, by: 2) { outlets[index].close(on: house.shard, now: house.now) }
        house.pass(.seconds(6))
        house.publish("user", to: [], terms: .patterns("u1, *, *"))
        house.publish("place", to: [], terms: .patterns("*, *, /l1"))
        for index in stride(from: 1, to: 30, by: 2) {
            let expected = (index % 10 == 1 ? ["user"] : []) + (index % 3 == 1 ? ["place"] : [])
            #expect(outlets[index].received == expected, "\(index)")
        }
    }
}
