import Foundation

extension Scene {
    /// Performs a step in which the suite is a server.
    func serve(_ step: Step) async throws {
        let name = try text(step.subject)
        switch step.verb {
        case .listen: try await listen(name, step)
        case .accept: try await accept(name, step)
        case .request: try await awaitRequest(name, step)
        case .close where serving.ports[name] != nil: await serving.ports[name]?.listener.close()
        case .expect where serving.ports[name] != nil: try await expectNobody(at: name, step)
        default:
            switch serving.peers[name] {
            case .client(let client): try await perform(step, on: client, name)
            case .exchange(let exchange): try await perform(step, on: exchange, name)
            case nil: throw Difference("the case has no connection \(name)")
            }
        }
    }

    private func listen(_ name: String, _ step: Step) async throws {
        let listener = try await Listener.open()
        patterns.setVariable("\(name).port", .number(Double(listener.port)))
        switch step.members["as"]?.string ?? "control" {
        case "control": serving.ports[name] = .control(listener)
        case "http":
            let browsers = BrowserListener(listener, script: try script(), patience: patienceInSending)
            serving.ports[name] = .http(browsers)
            serving.tasks.append(Task { await browsers.run() })
        case let other: throw Difference("the case listens as something that there is not", got: other)
        }
    }

    /// The library for pages.
    private func script() throws -> [UInt8]? {
        guard let path = surroundings.scriptPath else { return nil }
        do { return Array(try Data(contentsOf: URL(fileURLWithPath: path))) } catch {
            throw Difference("the library for pages can't be read", expected: path, got: "\(error)")
        }
    }

    private func accept(_ name: String, _ step: Step) async throws {
        let on = try text("on", of: step) ?? ""
        guard case .control(let listener) = serving.ports[on] else {
            throw Difference("the case does not listen as \(on)")
        }
        let patience = try patience(of: step)
        let connection: Connection
        do { connection = try await listener.next(until: .now + patience) } catch is Inbox<[Connection]>.Silence {
            throw Difference("the client did not connect within \(inSeconds(patience))")
        }
        let client = Client(connection, patience: patienceInSending)
        remember(name, .client(client))
        let (manner, cut) = (try manner(step), trial.cut)
        serving.tasks.append(Task { await client.serve(manner, cut: cut) })
        try checkAfter(step, "the client's connection")
    }

    private func manner(_ step: Step) throws -> Client.Manner {
        switch step.members["orbit"] {
        case nil, .string("1.1"): .orbit11
        case .string("1.0"): .orbit10
        case .bool(false): .silent
        case let other?: throw Difference("the case serves in a manner that there is not", got: other.text)
        }
    }

    func remember(_ name: String, _ peer: Serving.Peer) {
        if let former = serving.peers.updateValue(peer, forKey: name) { serving.formerPeers.append(former) }
    }

    /// No connection, and no request, comes to a port.
    private func expectNobody(at name: String, _ step: Step) async throws {
        guard let port = serving.ports[name], let seconds = step.members["nothing"] else {
            throw Difference("the case can expect nothing but `nothing` of a port")
        }
        let deadline = ContinuousClock.now + .seconds(try self.seconds(seconds))
        switch port {
        case .control(let listener):
            guard let connection = try? await listener.next(until: deadline) else { return }
            await connection.close()
            throw Difference("the client connected again", expected: "no connection")
        case .http(let browsers):
            let request = try? await browsers.inbox.wait(until: deadline) { received, _ in
                received.requests.first?.request
            }
            if let request { throw Difference("the browser sent a request", expected: "none", got: request.value.text) }
        }
    }

    /// Closes what the trial has opened as a server.
    func endServing() async {
        for port in serving.ports.values { await port.listener.close() }
        for peer in Array(serving.peers.values) + serving.formerPeers { await peer.connection.close() }
        for task in serving.tasks { task.cancel() }
        serving = Serving()
    }
}
