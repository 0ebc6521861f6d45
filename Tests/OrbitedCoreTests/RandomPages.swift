import NIOCore
import OrbitedTesting
import OrbitedWire

@testable import OrbitedCore

/// Pages that lose their connections at any moment, come back with what they have seen, on any shard and transport with
/// cursors, and must miss nothing that they are not told of.
final class RandomPages {
    /// What a page has seen, and the connection that it has.
    private struct Page {
        let user: String
        var cursor: Cursor?
        var connection: (outlet: TestOutlet, shard: Shard)?
        /// How many writes of its connection it has read.
        var read = 0
        /// The numbers of events that its code got, and `nil` for each gap.
        var seen: [UInt64?] = []
        /// The event that comes next when the page begins: it has no cursor before, so that it can't come back.
        var firstEvent: UInt64 = 0
    }

    let house: TestHouse
    private var generator: SeededGenerator
    private var pages: [Page]
    private var posted: [(number: UInt64, users: Set<String>)] = []
    private(set) var violations: [String] = []
    private(set) var cuts = 0

    init(seed: Int, shards: Int) {
        generator = SeededGenerator(seed: seed)
        pages = (0..<Int.random(in: 1...3, using: &generator)).map { Page(user: "u\($0)") }
        let retryLimit = Int.random(in: 0...2, using: &generator)
        let maxWaiting = Int.random(in: 1...8, using: &generator)
        let overflow = OverflowPolicy.allCases.randomElement(using: &generator) ?? .refuse
        let maxReplay = Int.random(in: 0...6, using: &generator)
        house = TestHouse(shards: shards) {
            $0.retryLimit = retryLimit
            $0.maxWaiting = maxWaiting
            $0.overflow = overflow
            $0.maxReplay = maxReplay
        }
    }

    // MARK: What happens

    func step() {
        let page = Int.random(in: pages.indices, using: &generator)
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<15: connect(page)
        case 15..<45: post()
        case 45..<72: house.drain(Int.random(in: house.shards.indices, using: &generator))
        case 72..<82: drain(page)
        case 82..<88: read(page, upTo: Int.random(in: 0...3, using: &generator))
        case 88..<92: acknowledge(page)
        case 92..<95: lose(page)
        case 95..<99: house.pass(.milliseconds(.random(in: 0...2_000, using: &generator)))
        default: house.pass(.seconds(.random(in: 4...40, using: &generator)))
        }
    }

    private func post() {
        let users = Set(pages.map(\.user).filter { _ in Bool.random(using: &generator) })
        var terms = EventFrame.Terms()
        if Bool.random(using: &generator) { terms.ack = .browser }
        if Int.random(in: 0..<4, using: &generator) == 0 { terms.ttl = Int.random(in: 0...3, using: &generator) }
        posted.append((house.post("\(posted.count + 1)", to: users.sorted(), terms: terms), users))
    }

    /// The page gives up its connection, if it has one, with whatever it has read by then, and makes another.
    private func connect(_ index: Int, isLast: Bool = false) {
        read(index, upTo: isLast ? .max : Int.random(in: 0...3, using: &generator))
        let isStream = isLast || Bool.random(using: &generator)
        let script: [WriteOutcome] = (0..<(isLast ? 0 : Int.random(in: 0...4, using: &generator))).map { _ in
            let dice = Int.random(in: 0..<10, using: &generator)
            return dice < 6 ? .written : dice < 8 ? .partly : .failed
        }
        let outlet = TestOutlet(isStream ? .stream : .batch, hasCursors: true, script: script)
        let shard = house.shards[Int.random(in: house.shards.indices, using: &generator)]
        let comeback = pages[index].cursor.map(Comeback.after) ?? .anew
        if pages[index].cursor == nil { pages[index].firstEvent = UInt64(posted.count) + 1 }
        pages[index].connection = (outlet, shard)
        pages[index].read = 0
        cuts += 1
        shard.attach(outlet, key: TestHouse.key(pages[index].user), comeback: comeback, now: house.now)
    }

    private func drain(_ index: Int) {
        guard let (outlet, shard) = pages[index].connection, !outlet.isDrained, !outlet.isBroken else { return }
        outlet.drain(on: shard, now: house.now)
    }

    /// The connection breaks; its page notices later.
    private func lose(_ index: Int) {
        guard let (outlet, shard) = pages[index].connection, !outlet.isBroken,
            outlet.kind == .stream || !outlet.hasAnswered || !outlet.inFlight.isEmpty
        else { return }
        outlet.close(on: shard, now: house.now)
    }

    private func acknowledge(_ index: Int) {
        guard let cursor = pages[index].cursor else { return }
        house.switchboard.acknowledge(cursor, of: TestHouse.key(pages[index].user))
    }

    /// The page's code gets what a few more writes of its connection hold.
    private func read(_ index: Int, upTo count: Int) {
        guard let outlet = pages[index].connection?.outlet else { return }
        for frames in outlet.frames.dropFirst(pages[index].read).prefix(count) {
            pages[index].read += 1
            for frame in frames {
                switch frame {
                case .mark(let mark):
                    pages[index].cursor = mark.cursor
                    if mark.isGap { pages[index].seen.append(nil) }
                case .event(let body, let serial):
                    pages[index].cursor = TestHouse.cursor(serial)
                    pages[index].seen.append(UInt64(body))
                }
            }
        }
    }

    /// All pages come back once more, and read to the end.
    func finish() {
        house.settle()
        for index in pages.indices { connect(index, isLast: true) }
        house.settle()
        for index in pages.indices {
            read(index, upTo: .max)
            lose(index)
        }
        house.pass(.seconds(100))
    }

    // MARK: What must hold

    func check() {
        if !house.isEmpty { violations.append("sessions are left: \(house.switchboard.sessionCount)") }
        for page in pages { check(page) }
        for (number, users) in posted where house.sink[number].count != users.count {
            violations.append("event \(number) for \(users): \(house.sink[number])")
        }
        for page in pages { checkWord(of: page) }
    }

    /// An event that hangs on the browser's word is reached only if the page has got it.
    private func checkWord(of page: Page) {
        for (number, users) in posted where users.contains(page.user) {
            guard let event = house.events[number], event.ack == .browser else { continue }
            let isReached = !house.sink[number].unreached.contains {
                event.recipients[Int($0.recipient)].user == page.user
            }
            if isReached, !page.seen.contains(number) {
                violations.append("\(page.user) never got \(number): \(house.sink[number])")
            }
        }
    }

    /// Each event once and in order, and a gap wherever one is missing.
    private func check(_ page: Page) {
        var expected = posted.filter { $0.number >= page.firstEvent && $0.users.contains(page.user) }.map(\.number)[...]
        var hasGap = false
        for item in page.seen {
            guard let number = item else {
                hasGap = true
                continue
            }
            guard number >= page.firstEvent else { continue }
            guard let place = expected.firstIndex(of: number) else {
                violations.append("\(page.user) got \(number) twice or out of order: \(page.seen)")
                return
            }
            if place != expected.startIndex, !hasGap {
                violations.append("\(page.user) missed \(expected[..<place]) before \(number): \(page.seen)")
            }
            expected = expected[(place + 1)...]
            hasGap = false
        }
        if !expected.isEmpty, !hasGap {
            violations.append("\(page.user) missed \(expected) at the end: \(page.seen)")
        }
    }
}
