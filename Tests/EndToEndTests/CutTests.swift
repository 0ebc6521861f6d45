import NIOCore
import Testing

extension EndToEnd {
    @Suite("Connections that are cut anywhere")
    struct CutTests {
        /// The bodies of one exchange: text of several bytes a character, of several lines, of marks of the transports.
        private static let before = ["one", "zwei é\u{20AC}\u{1F600}", "a\nb", "\n\n}\u{2028}</script>"]
        private static let between = "while it was away"
        private static let after = "when it was back"
        /// More bytes than the answers to those take.
        private static let longest = 1_400

        /// What came of a number of cuts.
        struct Tally {
            var cuts = 0
            var lost = 0
            var doubled = 0
            var unordered = 0
            var gaps = 0
            /// Gaps that were told to pages which had a cursor to come back with.
            var needlessGaps = 0

            static func += (left: inout Tally, right: Tally) {
                left.cuts += right.cuts
                left.lost += right.lost
                left.doubled += right.doubled
                left.unordered += right.unordered
                left.gaps += right.gaps
                left.needlessGaps += right.needlessGaps
            }
        }

        @Test(
            "each event comes once and in order, or a gap is told, whichever byte was the last",
            arguments: CursorPage.Form.allCases)
        func everyByte(form: CursorPage.Form) async throws {
            try await TestServer.run(loops: 2) { server in
                let tally = try await withThrowingTaskGroup(of: Tally.self) { group in
                    let workers = 8
                    for worker in 0..<workers {
                        group.addTask {
                            let application = try await WebApplication.connect(to: server)
                            var tally = Tally()
                            for count in stride(from: worker, through: Self.longest, by: workers) {
                                let life = try await Self.cut(after: count, form, application, server)
                                tally += Self.tally(life.page, hadCursor: life.hadCursor)
                                if life.isOver { break }
                            }
                            await application.close()
                            return tally
                        }
                    }
                    return try await group.reduce(into: Tally(), +=)
                }
                print(
                    "\(form): \(tally.cuts) cuts, \(tally.lost) lost, \(tally.doubled) duplicated, "
                        + "\(tally.unordered) out of order, \(tally.gaps) gaps told, all before there was a cursor")
                #expect(tally.cuts > 300)
                #expect(tally.lost == 0)
                #expect(tally.doubled == 0)
                #expect(tally.unordered == 0)
                #expect(tally.needlessGaps == 0)
            }
        }

        /// One page's life; and whether there were fewer bytes than that.
        private static func cut(
            after count: Int, _ form: CursorPage.Form, _ application: WebApplication, _ server: TestServer
        ) async throws -> (page: CursorPage, hadCursor: Bool, isOver: Bool) {
            var page = CursorPage(form, user: "u\(count)")
            let key = "u\(count), 0, /cut"
            let first = try await Peer.connect(to: server.http)
            if let request = page.request() { try await first.send(request) }
            var open = try await application.sendOnceReachable("0", to: key, before[0]) ? 0 : 1
            // What a poll does not take at once waits for the next one, so that receipts come later.
            for (index, body) in before.enumerated().dropFirst() {
                try await application.send("\(index)", to: [key], body)
                open += 1
            }
            var read = 0
            while read < count, page.items.count < before.count {
                let bytes = try await first.takeSome(atMost: count - read)
                read += bytes.readableBytes
                page.take(bytes)
                if let request = page.request(), read < count { try await first.send(request) }
            }
            let isOver = read < count
            let hadCursor = page.cursor != nil
            await first.close()
            page.disconnect()
            try await application.send("between", to: [key], between)
            let second = try await Peer.connect(to: server.http)
            if let request = page.request() { try await second.send(request) }
            try await application.send("after", to: [key], after)
            while page.items.last != .event(after) {
                page.take(try await second.takeSome(atMost: .max))
                if let request = page.request() { try await second.send(request) }
            }
            await second.close()
            for _ in 0..<(open + 2) { _ = try await application.reply() }
            return (page, hadCursor, isOver)
        }

        /// What a page got, against what it was sent.
        private static func tally(_ page: CursorPage, hadCursor: Bool) -> Tally {
            let all = before + [between, after]
            var tally = Tally(cuts: 1)
            var next = 0
            var hasGap = false
            for item in page.items {
                guard case .event(let body) = item else {
                    hasGap = true
                    tally.gaps += 1
                    if hadCursor { tally.needlessGaps += 1 }
                    continue
                }
                guard let place = all.firstIndex(of: body) else {
                    Issue.record("nobody sent \(body.debugDescription)")
                    continue
                }
                if place < next {
                    let isDouble = page.items.filter { $0 == item }.count > 1
                    tally.doubled += isDouble ? 1 : 0
                    tally.unordered += isDouble ? 0 : 1
                } else {
                    tally.lost += hasGap ? 0 : place - next
                    next = place + 1
                }
                hasGap = false
            }
            tally.lost += hasGap ? 0 : all.count - next
            return tally
        }
    }
}

extension WebApplication {
    /// Sends an event as soon as the server knows its key; answers whether the reply has come already.
    func sendOnceReachable(_ id: String, to key: String, _ body: String) async throws -> Bool {
        while true {
            // An event to nobody is answered at once, after what can be answered at once before it.
            try await peer.send(Self.frame(id, to: [key], body) + Self.frame("probe", to: [], ""))
            let first = try await reply()
            if first == Self.success("probe") { return false }
            #expect(try await reply() == Self.success("probe"))
            if first == Self.success(id) { return true }
        }
    }
}
