import Testing

@Suite("Random browsers and events")
struct RandomHouseTests {
    @Test("every fate is told once and truthfully, order is kept and nothing is left behind", arguments: 1...3, 1...40)
    func lives(shards: Int, seed: Int) {
        let random = RandomHouse(seed: seed, shards: shards)
        for _ in 0..<1_500 { random.step() }
        random.finish()
        random.check()
        #expect(random.violations.isEmpty, "\(random.violations.prefix(3))")
    }

    @Test("the same holds when the server gives up in the middle of it", arguments: 1...3, 101...160)
    func dies(shards: Int, seed: Int) {
        let random = RandomHouse(seed: seed, shards: shards)
        for _ in 0..<100 { random.step() }
        random.abort()
        random.check()
        #expect(random.violations.isEmpty, "\(random.violations.prefix(3))")
    }
}

@Suite("Random pages with cursors")
struct RandomPagesTests {
    @Test(
        "a page gets each event once and in order, or is told of a gap where one is missing", arguments: 1...3, 1...25)
    func pages(shards: Int, seed: Int) {
        let random = RandomPages(seed: seed, shards: shards)
        for _ in 0..<800 { random.step() }
        random.finish()
        random.check()
        #expect(random.violations.isEmpty, "\(random.violations.prefix(3))")
        #expect(random.cuts > 50)
    }
}
