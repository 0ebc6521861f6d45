import NIOCore
import Testing

@testable import OrbitedCore

@Suite("Shutting down")
struct ClosingTests {
    private func close(_ house: TestHouse) {
        for shard in house.shards { shard.close(now: house.now) }
        house.settle()
    }

    private func abort(_ house: TestHouse) {
        for shard in house.shards { shard.abort(now: house.now) }
        house.settle()
    }

    @Test("idle streams, polls and absent sessions end at once")
    func idle() {
        let house = TestHouse(shards: 2)
        let outlets = [OutletKind.stream, .poll, .stream, .poll, .poll].map { TestOutlet($0) }
        for (index, outlet) in outlets.prefix(3).enumerated() { house.attach(outlet, "\(index)", to: index % 2) }
        outlets[2].close(on: house.shards[0], now: house.now)
        let waiting = house.publish("1", to: ["2"])
        house.attach(outlets[3], "moving", to: 0)
        house.attach(outlets[4], "moving", to: 1)
        house.settle()
        close(house)
        #expect(house.isEmpty)
        #expect(house.reason(waiting) == .unreachable)
        #expect(outlets.map(\.endReason) == [.shutdown, .shutdown, nil, .shutdown, .shutdown])
        #expect(outlets.map(\.ends) == [1, 1, 0, 1, 1])
    }

    @Test("events laid into the box before are delivered first")
    func mailFirst() {
        let house = TestHouse()
        let outlet = TestOutlet.stream()
        house.attach(outlet)
        let number = house.post("1")
        close(house)
        #expect(outlet.received == ["1"] && house.sink[number].reached == 1)
    }

    @Test("what is in flight, and what waits behind it, is given its time", arguments: [OutletKind.stream, .poll])
    func inFlight(kind: OutletKind) {
        let house = TestHouse()
        let outlet = TestOutlet(kind, script: [.partly])
        house.attach(outlet)
        let numbers = ["1", "2"].map { house.publish($0) }
        close(house)
        #expect(outlet.endReason == nil && !house.isEmpty)
        outlet.drain(on: house.shard, now: house.now)
        house.settle()
        #expect(house.isEmpty)
        #expect(house.sink[numbers[0]].reached == 1)
        #expect(house.sink[numbers[1]].count == 1)
        #expect(outlet.received == (kind == .stream ? ["1", "2"] : ["1"]))
        #expect(outlet.endReason == (kind == .stream ? .shutdown : nil))
    }

    @Test("a connection that breaks or stalls meanwhile ends its session at once", arguments: [true, false])
    func breaks(stalls: Bool) {
        let house = TestHouse()
        let outlet = TestOutlet.stream(.partly)
        house.attach(outlet)
        let number = house.publish("1")
        close(house)
        if stalls { house.pass(.seconds(30)) } else { outlet.close(on: house.shard, now: house.now) }
        #expect(house.isEmpty)
        #expect(house.reason(number) == .unreachable)
    }

    @Test("a browser that comes meanwhile is sent away")
    func late() {
        let house = TestHouse()
        close(house)
        let outlet = TestOutlet.stream()
        house.attach(outlet)
        #expect(outlet.endReason == .shutdown)
        #expect(house.isEmpty && house.reason(house.publish("1")) == .unreachable)
    }

    @Test("giving up tells every fate once and leaves nothing", arguments: [OutletKind.stream, .poll], [false, true])
    func abort(kind: OutletKind, closesFirst: Bool) {
        let house = TestHouse(shards: 2)
        let outlet = TestOutlet(kind, script: [.partly])
        house.attach(outlet)
        var numbers = ["1", "2"].map { house.publish($0) }
        if closesFirst { close(house) } else { numbers.append(house.post("3")) }
        abort(house)
        #expect(house.isEmpty)
        #expect(numbers.allSatisfy { house.sink[$0].count == 1 && house.reason($0) == .unreachable })
        // Cut off, so that the event which has failed does not arrive after all.
        #expect(outlet.endReason == .stalled && outlet.ends == 1)
        outlet.drain(on: house.shard, now: house.now)
        #expect(numbers.allSatisfy { house.sink[$0].count == 1 })
    }

    @Test("giving up in the middle of a chain of moves tells every fate once, however the shards take turns")
    func abortWhileMoving() {
        for order in MovingTests.orders(shards: 3, length: 4) {
            let house = TestHouse(shards: 3)
            let first = TestOutlet.poll(.partly)
            house.attach(first, to: 0)
            var numbers = [house.publish("1"), house.publish("2")]
            house.attach(TestOutlet.stream(), to: 1)
            numbers.append(house.post("3"))
            house.drain(order[0])
            house.attach(TestOutlet.poll(), to: 2)
            numbers.append(house.post("4"))
            house.drain(order[1])
            for shard in order[2...] { house.shards[shard].close(now: house.now) }
            abort(house)
            #expect(house.isEmpty, "\(order)")
            #expect(numbers.allSatisfy { house.sink[$0].count == 1 }, "\(order)")
        }
    }
}
