/// Connections that a client has made.
extension Scene {
    func perform(_ step: Step, on client: Client, _ name: String) async throws {
        let connection = client.connection
        switch step.verb {
        case .send:
            try checkThere(connection, name)
            guard let bytes = try bytes("bytes", of: step) else { throw Difference("the case sends no bytes") }
            try await client.send(bytes, cut: cut(of: step))
        case .shut where step.mayBeGone: try? await connection.shutOutput()
        case .shut: try await breakOff(connection, name) { try await $0.shutOutput() }
        case .close where step.mayBeGone: await connection.close()
        case .close: try await breakOff(connection, name) { await $0.close() }
        case .reset: try await breakOff(connection, name) { try await $0.reset() }
        case .pause: await connection.pause()
        case .resume: await connection.resume()
        case .expect: try await expect(step, of: client, name)
        default: throw Difference("the case can't do this with a client's connection")
        }
    }

    /// Each fault must have happened.
    func breakOff(
        _ connection: Connection, _ name: String, _ fault: @Sendable (Connection) async throws -> Void
    ) async throws {
        try checkThere(connection, name)
        try await fault(connection)
    }

    func checkThere(_ connection: Connection, _ name: String) throws {
        guard connection.isOpen else { throw Difference("the fault did not happen: \(name) was gone before") }
    }

    private func expect(_ step: Step, of client: Client, _ name: String) async throws {
        if let pattern = step.members["frame"] {
            let frame = try await nextFrame(of: client, name, step)
            try checkAfter(step, "a frame of \(name)")
            return try match(pattern, frame.value, "the frame of \(name)")
        }
        if let seconds = step.members["nothing"] {
            return try await expectNoFrame(of: client, name, for: .seconds(self.seconds(seconds)))
        }
        guard step.members["gone"] != nil else {
            throw Difference("the case can expect `frame`, `nothing` or `gone` of a client")
        }
        try await expectGone(client, name, step)
    }

    private func nextFrame(of client: Client, _ name: String, _ step: Step) async throws -> Frame {
        let patience = try patience(of: step)
        do {
            return try await client.inbox.wait(until: .now + patience) { received, _ in try received.next() }
        } catch Inbox<Client.Received>.Silence.late {
            throw Difference("a frame of \(name) did not come within \(inSeconds(patience))")
        } catch Inbox<Client.Received>.Silence.ended {
            let isCut = client.inbox.content.isCut
            throw Difference("the client ended \(name) \(isCut ? "in the middle of" : "before") a frame")
        }
    }

    private func expectNoFrame(of client: Client, _ name: String, for time: Duration) async throws {
        do {
            let frame = try await client.inbox.wait(until: .now + time) { received, _ in try received.next() }
            throw Difference("a frame came on \(name)", expected: "nothing", got: shortened(frame.value.text))
        } catch Inbox<Client.Received>.Silence.late {
            return
        } catch Inbox<Client.Received>.Silence.ended {
            throw Difference("the client ended \(name)", expected: "that it stays open")
        }
    }

    private func expectGone(_ client: Client, _ name: String, _ step: Step) async throws {
        let patience = try patience(of: step)
        do {
            _ =
                try await client.inbox.wait(until: .now + patience) { received, isEnded in
                    if let frame = try received.next() {
                        throw Difference(
                            "a frame came on \(name)", expected: "its end", got: shortened(frame.value.text))
                    }
                    return isEnded ? true : nil
                } as Bool
        } catch Inbox<Client.Received>.Silence.late {
            throw Difference("the client did not close \(name) within \(inSeconds(patience))")
        }
        try checkAfter(step, "the end of \(name)")
        // The other side of a connection that a client has closed in good order.
        await client.connection.close()
    }
}

extension Client.Received {
    /// Takes the next frame.
    ///
    /// - Throws: ``Difference`` if the client has sent what it must not.
    fileprivate mutating func next() throws -> Frame? {
        guard frames.isEmpty else { return frames.removeFirst() }
        try check()
        return nil
    }
}
