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

        @Test(
            "each event comes once and in order, or a gap is told, whichever byte was the last",
            arguments: CursorPage.Form.allCases)
        func everyByte(form: CursorPage.Form) async throws {
            try await TestServer.run(loops: 2) { server in
                let counts = try await withThrowingTaskGroup(of: (cuts: Int, gaps: Int).self) { group in
                    let workers = 8
                    for worker in 0..<workers {
                        group.addTask {
                            var cuts = 0, gaps = 0
                            let application = try await WebApplication.connect(to: server)
                            for count in stride(from: worker, through: Self.longest, by: workers) {
                                let (page, isOver) = try await Self.cut(after: count, form, application, server)
                                Self.check(page, count)
                                if isOver { break }
                                cuts += 1
                                gaps += page.items.filter { $0 == .gap }.count
                            }
                            await application.close()
                            return (cuts, gaps)
                        }
                    }
                    return try await group.reduce(into: (cuts: 0, gaps: 0)) {
                        $0.cuts += $1.cuts
                        $0.gaps += $1.gaps
                    }
                }
                #expect(counts.cuts > 300)
                print("\(form): \(counts.cuts) cuts, 0 lost, 0 duplicated, 0 out of order, \(counts.gaps) gaps told")
            }
        }

        /// One page's life; and whether there were fewer bytes than that.
        private static func cut(
            after count: Int, _ form: CursorPage.Form, _ application: WebApplication, _ server: TestServer
        ) async throws -> (page: CursorPage, isOver: Bool) {
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
            return (page, isOver)
        }

        private static func check(_ page: CursorPage, _ count: Int) {
            var expected = (before + [between, after])[...]
            var hasGap = false
            for item in page.items {
                guard case .event(let body) = item else {
                    hasGap = true
                    continue
                }
                // Lines end in LF in an event stream, and as JSON says elsewhere: the text is the same.
                guard let place = expected.firstIndex(of: body) else {
                    Issue.record("after \(count) bytes: \(body.debugDescription) twice or out of order: \(page.items)")
                    return
                }
                if place != expected.startIndex, !hasGap {
                    Issue.record("after \(count) bytes: lost \(expected[..<place]): \(page.items)")
                }
                expected = expected[(place + 1)...]
                hasGap = false
            }
            if !expected.isEmpty { Issue.record("after \(count) bytes: lost \(expected) at the end: \(page.items)") }
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
