/// Requests of browsers, and what the suite answers.
extension Scene {
    /// Waits for a request that the step describes; others wait for their steps.
    func awaitRequest(_ name: String, _ step: Step) async throws {
        let on = try text("on", of: step) ?? ""
        guard case .http(let browsers) = serving.ports[on] else {
            throw Difference("the case does not listen for browsers as \(on)")
        }
        let patience = try patience(of: step)
        let pattern = JSONValue.object(
            step.members.filter { ["target", "method", "headers", "body"].contains($0.key) })
        let known = patterns
        do {
            let (exchange, matched) = try await browsers.inbox.wait(until: .now + patience) { received, _ in
                let found = try Self.take(pattern, from: &received.requests, known)
                if found == nil { try received.check() }
                return found
            }
            patterns = matched
            remember(name, .exchange(exchange))
        } catch Inbox<BrowserListener.Received>.Silence.late {
            let others = browsers.inbox.content.requests.map { "\($0.request.method) \($0.request.target)" }
            throw Difference(
                "the request did not come within \(inSeconds(patience))",
                expected: try patterns.variables.value(pattern).text, got: others.joined(separator: ", "))
        }
        try checkAfter(step, "the request")
    }

    private static func take(
        _ pattern: JSONValue, from waiting: inout [Exchange], _ patterns: Patterns
    ) throws -> (Exchange, Patterns)? {
        for (index, exchange) in waiting.enumerated() {
            var attempt = patterns
            do { try attempt.match(pattern, exchange.request.value) } catch is Patterns.Mismatch { continue }
            waiting.remove(at: index)
            return (exchange, attempt)
        }
        return nil
    }

    func perform(_ step: Step, on exchange: Exchange, _ name: String) async throws {
        let connection = exchange.connection
        do {
            switch step.verb {
            case .expect: return try await expect(step, of: exchange, name)
            case .close where step.mayBeGone: return await connection.close()
            case .shut where step.mayBeGone:
                try? await exchange.end()
                return
            case .close: return try await breakOff(connection, name) { await $0.close() }
            case .reset: return try await breakOff(connection, name) { try await $0.reset() }
            case .pause: return await connection.pause()
            case .resume: return await connection.resume()
            default: break
            }
            try checkThere(connection, name)
            switch step.verb {
            case .respond: try await respond(to: exchange, step)
            case .upgrade: try await exchange.upgrade(headers: try headers(of: step).map { ($0.name, $0.value) })
            case .send: try await exchange.send(try bytes("bytes", of: step) ?? [], cut: cut(of: step))
            case .say: try await say(step, on: exchange)
            case .shut: try await exchange.end()
            default: throw Difference("the case can't do this with a browser's request")
            }
        } catch let fault as Exchange.Fault {
            throw Difference(fault.inWords)
        }
    }

    private func respond(to exchange: Exchange, _ step: Step) async throws {
        guard let status = step.members["status"]?.number.flatMap({ Int(exactly: $0) }) else {
            throw Difference("the case responds without a status")
        }
        var headers = try self.headers(of: step).map { ($0.name, $0.value) }
        // Else a browser may answer a later request from what it has kept.
        if !headers.contains(where: { $0.0.lowercased() == "cache-control" }) {
            headers.append(("Cache-Control", "no-store, no-transform"))
        }
        if step.members["stream"] == .bool(true) {
            try await exchange.begin(status: status, headers: headers, cut: cut(of: step))
            if let body = try bytes("body", of: step) { try await exchange.send(body, cut: cut(of: step)) }
        } else {
            let body = try bytes("body", of: step) ?? []
            try await exchange.respond(status: status, headers: headers, body: body, cut: cut(of: step))
        }
    }

    private func say(_ step: Step, on exchange: Exchange) async throws {
        try await exchange.say(webSocketFrame(step), cut: cut(of: step))
    }

    private func expect(_ step: Step, of exchange: Exchange, _ name: String) async throws {
        let patience = try patience(of: step)
        if let pattern = step.members["said"] {
            do {
                let text = try await exchange.inbox.wait(until: .now + patience) { received, _ in
                    try received.nextText()
                }
                try checkAfter(step, "a message on \(name)")
                return try match(pattern, .string(text), "the message on \(name)")
            } catch is Inbox<Exchange.Received>.Silence {
                throw Difference("a message on \(name) did not come within \(inSeconds(patience))")
            }
        }
        guard step.members["gone"] != nil else { throw Difference("the case can expect `said` or `gone` of a browser") }
        do {
            _ =
                try await exchange.connection.receive(until: .now + patience) { received, _ in
                    received.end == nil ? nil : true
                } as Bool
        } catch Inbox<Connection.Received>.Silence.late {
            throw Difference("the browser did not end \(name) within \(inSeconds(patience))")
        }
        try checkAfter(step, "the end of \(name)")
        await exchange.connection.close()
    }
}

extension Exchange.Received {
    /// Takes the next text message.
    fileprivate mutating func nextText() throws -> String? {
        guard messages.isEmpty else { return messages.removeFirst() }
        try check()
        return nil
    }
}

extension Exchange.Fault {
    fileprivate var inWords: String {
        switch self {
        case .notWaiting: "the case answers a request twice"
        case .notOpen: "the case goes on with a response that is not open"
        case .noSocket: "the browser asks for no WebSocket here"
        }
    }
}
