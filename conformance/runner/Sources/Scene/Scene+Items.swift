// The items of a `browse`, and silence.
extension Scene {
    func expectItem(_ pattern: JSONValue, of link: Link, until deadline: ContinuousClock.Instant) async throws {
        while true {
            let item: JSONValue
            do { item = try await nextItem(of: link, until: deadline) } catch var difference as Difference {
                difference.expected = ((try? patterns.variables.value(pattern)) ?? pattern).text
                throw difference
            }
            let isSkipped = ["heartbeat", "position", "pong"].contains { item[$0] != nil && !Self.names($0, pattern) }
            if !isSkipped { return try match(pattern, item, "the next item") }
        }
    }

    /// Whether a pattern expects an item of that kind, alone or as one of several.
    private static func names(_ kind: String, _ pattern: JSONValue) -> Bool {
        pattern[kind] != nil || pattern["in"]?.array?.contains { names(kind, $0) } == true
    }

    private func nextItem(of link: Link, until deadline: ContinuousClock.Instant) async throws -> JSONValue {
        if let socket = link.socket { return try await nextItem(of: link, socket, until: deadline) }
        try await beginIfUnchecked(link, until: deadline)
        guard link.response != nil else { throw Difference("the connection \(link.name) has no response to read") }
        return try await next("an item", of: link, until: deadline) { try $0.takeItem() }
    }

    private func nextItem(
        of link: Link, _ socket: WebSocket, until deadline: ContinuousClock.Instant
    ) async throws -> JSONValue {
        while true {
            if let item = try link.takeSocketItem() { return item }
            switch try await fill(link, socket, until: deadline) {
            case .more: continue
            case .late:
                throw Difference("an item did not come within \(inSeconds(deadline - lastDone))", got: "nothing")
            case .ended where link.hasToldEnd: throw Difference("the WebSocket has ended already", got: "nothing")
            case .ended:
                link.hasToldEnd = true
                return Item.end
            }
        }
    }

    /// What became of waiting for a WebSocket.
    private enum Filling { case more, late, ended }

    private func fill(_ link: Link, _ socket: WebSocket, until deadline: ContinuousClock.Instant) async throws
        -> Filling
    {
        do {
            link.arrivals += try await socket.arrivals.wait(until: deadline) { arrivals, _ in
                guard !arrivals.isEmpty else { return [WebSocket.Arrival]?.none }
                defer { arrivals = [] }
                return arrivals
            }
            return .more
        } catch let silence as Inbox<[WebSocket.Arrival]>.Silence {
            return silence == .late ? .late : .ended
        }
    }

    /// The head of a poll's response comes with its body, so that it is checked when that is looked at.
    func beginIfUnchecked(_ link: Link, until deadline: ContinuousClock.Instant) async throws {
        if let transport = link.unchecked { try await begin(transport, link, until: deadline) }
    }

    func expectNothing(of link: Link, for time: Duration) async throws {
        let begin = ContinuousClock.now
        let deadline = begin + time
        while true {
            let unread = try link.socket == nil ? link.unreadBytes() : link.arrivals.map { "\($0)" }.first
            if let unread {
                throw Difference(
                    "something came \(inSeconds(.now - begin)) after silence was expected to begin",
                    expected: "nothing for \(inSeconds(time))", got: unread)
            }
            if let socket = link.socket {
                switch try await fill(link, socket, until: deadline) {
                case .late: return
                case .more: continue
                case .ended: throw ended(begin, time)
                }
            }
            if link.end != nil { throw ended(begin, time) }
            guard try await fill(link, until: deadline) else { return }
        }
    }

    private func ended(_ begin: ContinuousClock.Instant, _ time: Duration) -> Difference {
        Difference(
            "the server ended the connection \(inSeconds(.now - begin)) after silence was expected to begin",
            expected: "nothing for \(inSeconds(time)), and an open connection", got: "its end")
    }

    func expectClosed(_ link: Link, _ socket: WebSocket, until deadline: ContinuousClock.Instant) async throws {
        if link.arrivals.isEmpty {
            switch try await fill(link, socket, until: deadline) {
            case .ended: return
            case .late:
                throw Difference("the server did not close the connection within \(inSeconds(deadline - lastDone))")
            case .more: break
            }
        }
        throw Difference("something came before the end of the WebSocket", got: "\(link.arrivals[0])")
    }
}
