/// How a trial ends.
extension Scene {
    /// How long the peers' connections have to end when the client has ended.
    private static let patienceWithPeers = 5.0

    /// What a trial that has gone well so far has to show at its end: the adapter ends as its contract says, and has
    /// told no more than was expected; and no peer has sent what it must not, also where no step has read it.
    ///
    /// The suite's side of the connections is open meanwhile, so that what the adapter tells is not about their end.
    ///
    /// - Throws: ``Difference``
    func endWell() async throws {
        if let adapter = surroundings.adapter { try await quit(adapter) }
        try await checkPeers()
    }

    private func quit(_ adapter: AdapterProcess) async throws {
        try await ask("quit", adapter, within: scaled(10))
        let untaken = adapter.output.content.untaken
        // A server that is under test itself may tell more than the case is about.
        if trial.theCase.kind == .client, !untaken.isEmpty {
            throw Difference("a watch told more", expected: "nothing", got: JSONValue.array(untaken).text)
        }
        let end = await adapter.end(patience: scaled(10))
        try checkContract(adapter)
        guard end == .exited(0) else {
            throw Difference("the adapter did not end well after quit", expected: "exited(0)", got: "\(end)")
        }
    }

    private func checkPeers() async throws {
        let deadline = ContinuousClock.now + scaled(Self.patienceWithPeers)
        for peer in Array(serving.peers.values) + serving.formerPeers {
            // What comes last may be on its way.
            switch peer {
            case .client(let client):
                await client.connection.resume()
                await client.inbox.awaitEnd(until: deadline)
                try client.inbox.content.check()
            case .exchange(let exchange):
                if exchange.isSocket { await exchange.inbox.awaitEnd(until: deadline) }
                try exchange.inbox.content.check()
            }
        }
        for case .http(let browsers) in serving.ports.values {
            await browsers.close()
            await browsers.inbox.awaitEnd(until: deadline)
            try browsers.inbox.content.check()
        }
    }
}

extension Inbox {
    fileprivate func awaitEnd(until deadline: ContinuousClock.Instant) async {
        _ = try? await wait(until: deadline) { _, isEnded in isEnded ? true : nil }
    }
}

extension Client.Received {
    /// - Throws: ``Difference`` if the client has sent what it must not.
    func check() throws {
        if let violation { throw Difference("the client must not send this", got: violation.inWords) }
    }
}

extension Exchange.Received {
    /// - Throws: ``Difference`` if the browser has sent what it must not.
    func check() throws {
        if let violation { throw Difference("the browser must not send this", got: violation.inWords) }
    }
}

extension BrowserListener.Received {
    /// - Throws: ``Difference`` if a browser has sent what is no request.
    func check() throws {
        if let violation { throw Difference("the browser must not send this", got: violation.inWords) }
    }
}
