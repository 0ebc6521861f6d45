import NIOCore
import OrbitedTesting
import OrbitedWire

@testable import OrbitedCore

/// A house in which anything may happen at any time, and what must hold of it.
final class RandomHouse {
    private struct Browser {
        let outlet: TestOutlet
        let shard: Shard
    }

    let house: TestHouse
    private var generator: SeededGenerator
    private let users: [String]
    private var browsers: [Browser] = []
    private var receipts: [String: [String]] = [:]
    /// Who had a session when an event with patterns was published.
    private var present: [UInt64: Set<String>] = [:]
    private(set) var violations: [String] = []

    init(seed: Int, shards: Int) {
        generator = SeededGenerator(seed: seed)
        users = (0..<Int.random(in: 1...4, using: &generator)).map { "u\($0)" }
        let retryLimit = Int.random(in: 0...2, using: &generator)
        let maxWaiting = Int.random(in: 1...8, using: &generator)
        let overflow = OverflowPolicy.allCases.randomElement(using: &generator) ?? .refuse
        house = TestHouse(shards: shards) {
            $0.retryLimit = retryLimit
            $0.maxWaiting = maxWaiting
            $0.overflow = overflow
            $0.maxPolls = 2
        }
    }

    // MARK: What happens

    func step() {
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<15: attach()
        case 15..<44: post()
        case 44: close()
        case 45..<75: house.drain(Int.random(in: house.shards.indices, using: &generator))
        case 75..<85: if let browser = browser(where: { !$0.isDrained }) { drain(browser) }
        case 85..<88: browser(where: { !$0.isDrained })?.outlet.takeSome()
        case 88..<93: if let browser = browser(where: { $0.isDrained || !$0.inFlight.isEmpty }) { close(browser) }
        case 93..<97: tick(.milliseconds(.random(in: 0...1_500, using: &generator)))
        case 97..<99: house.pass(.seconds(.random(in: 0...3, using: &generator)))
        default: house.pass(.seconds(.random(in: 4...40, using: &generator)))
        }
    }

    private func attach() {
        let user = users.randomElement(using: &generator) ?? "u0"
        let script: [WriteOutcome] = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
            let dice = Int.random(in: 0..<10, using: &generator)
            return dice < 5 ? .written : dice < 8 ? .partly : .failed
        }
        let isPoll = Bool.random(using: &generator)
        let transport = isPoll ? "xhr" : ["sse", "iframe"].randomElement(using: &generator)
        let outlet = TestOutlet(isPoll ? .poll : .stream, transport: transport, script: script)
        outlet.isDrained = isPoll || Int.random(in: 0..<4, using: &generator) > 0
        outlet.onReceive = { [unowned self] in receipts[user, default: []].append($0) }
        let shard = Int.random(in: house.shards.indices, using: &generator)
        browsers.append(Browser(outlet: outlet, shard: house.shards[shard]))
        house.attach(outlet, user, to: shard)
    }

    private func post() {
        let recipients = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
            users.randomElement(using: &generator) ?? "u0"
        }
        var terms = EventFrame.Terms()
        if Int.random(in: 0..<4, using: &generator) == 0 { terms.ttl = Int.random(in: 0...3, using: &generator) }
        if Int.random(in: 0..<3, using: &generator) == 0 {
            let texts = ["*, *, /l", "*, *, *", "\(users[0]), *, *"].shuffled(using: &generator).prefix(2)
            terms.patterns = Recipients(Array(texts)).patterns
        }
        let matched = house.switchboard.keys(Recipients(patterns: terms.patterns)).map(\.user)
        present[house.post("\(house.events.count + 1)", to: recipients, terms: terms)] = Set(matched)
    }

    /// An application closes one session, or all.
    private func close() {
        let user = users.randomElement(using: &generator) ?? "u0"
        let isForAll = Int.random(in: 0..<4, using: &generator) == 0
        _ = house.switchboard.close(Recipients([isForAll ? "*, *, /l" : "\(user), 0, /l"]), reason: "")
    }

    private func tick(_ amount: TimeAmount) {
        house.now = house.now + amount
        house.shards.randomElement(using: &generator)?.tick(now: house.now)
    }

    private func drain(_ browser: Browser) { browser.outlet.drain(on: browser.shard, now: house.now) }

    private func close(_ browser: Browser) { browser.outlet.close(on: browser.shard, now: house.now) }

    /// One of the browsers whose connection is open still.
    private func browser(where fits: (TestOutlet) -> Bool) -> Browser? {
        browsers.removeAll { $0.outlet.isOver }
        return browsers.filter { fits($0.outlet) }.randomElement(using: &generator)
    }

    /// All browsers go, and their graces pass.
    func finish() {
        house.settle()
        for browser in browsers where !browser.outlet.isOver { close(browser) }
        house.pass(.seconds(100))
    }

    /// The server gives up in the middle of it all.
    func abort() {
        if Bool.random(using: &generator) {
            for shard in house.shards { shard.close(now: house.now) }
            for _ in 0..<20 { step() }
        }
        for shard in house.shards { shard.abort(now: house.now) }
        house.settle()
    }

    // MARK: What must hold

    func check() {
        if !house.isEmpty { violations.append("sessions are left: \(house.switchboard.sessionCount)") }
        for (user, bodies) in receipts {
            let numbers = bodies.compactMap(UInt64.init)
            if zip(numbers, numbers.dropFirst()).contains(where: { $0 >= $1 }) {
                violations.append("\(user) got \(numbers)")
            }
        }
        for (number, event) in house.events { check(event, house.sink[number]) }
    }

    private func check(_ event: Event, _ fates: TestSink.Fates) {
        let unreached = fates.unreached.map { ($0.key ?? event.recipients[Int($0.recipient)]).user }
        let named = Set(event.recipients.map(\.user))
        let received = Set(users.filter { receipts[$0, default: []].contains("\(event.number)") })
        // One that a pattern stood for, and that ended before the event reached it, is not counted.
        let counted = named.union(received).union(unreached)
        if fates.count != counted.count || Set(unreached).count != unreached.count
            || house.receipt(event.number)?.isComplete != true
            || !counted.isSubset(of: named.union(present[event.number, default: []]))
        {
            violations.append("event \(event.number) for \(counted): \(fates)")
        }
        if received != counted.subtracting(unreached) {
            violations.append("event \(event.number): \(received) received it, \(fates)")
        }
    }
}

extension TestOutlet {
    /// Nothing more can happen on it.
    fileprivate var isOver: Bool {
        endReason != nil || isBroken || (kind == .poll && !given.isEmpty && inFlight.isEmpty)
    }
}
