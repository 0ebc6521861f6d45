// What is done with the suite's connections to a server: open, send, event, frame, shut, close, reset, pause, resume.
extension Scene {
    func open(_ step: Step) async throws {
        let name = try text(step.subject)
        let to = try text("to", of: step) ?? "control"
        if step.members["refused"] == .bool(true) { return try await expectRefusal(by: to, step) }
        add(Link(name, try await connect(to: to, patience(of: step))))
    }

    /// Expects that nobody listens on a port, or that the connection ends before a byte comes.
    private func expectRefusal(by place: String, _ step: Step) async throws {
        let deadline = try deadline(of: step)
        let (port, patience) = (try port(of: place), try patience(of: step))
        let connection: Connection
        do {
            connection = try await Connection.connect(host: surroundings.host, port: port, within: patience)
        } catch {
            guard Connection.isRefusal(error) else {
                throw Difference("the \(place) port does not refuse connections", expected: "refused", got: "\(error)")
            }
            return
        }
        let link = Link(try text(step.subject), connection)
        add(link)
        guard try await fill(link, until: deadline) else {
            throw Difference("the \(place) port takes a connection, and keeps it open", expected: "none", got: "one")
        }
        guard link.bytes.isEmpty else {
            throw Difference("bytes came on a connection that had to be refused", got: readable(link.bytes))
        }
    }

    /// Gives a name to a connection; the one that had it stays open without a name.
    func add(_ link: Link) {
        if let former = links.updateValue(link, forKey: link.name) { formerLinks.append(former) }
    }

    func connect(to place: String, _ patience: Duration) async throws -> Connection {
        let port = try port(of: place)
        do {
            return try await Connection.connect(host: surroundings.host, port: port, within: patience)
        } catch {
            throw Difference("the \(place) port \(port) takes no connection", got: "\(error)")
        }
    }

    private func port(of place: String) throws -> Int {
        switch place {
        case "control": return surroundings.controlPort
        case "http": return surroundings.httpPort
        case "admin":
            guard let port = surroundings.adminPort else { throw Difference("the server has no admin port") }
            return port
        default: throw Difference("the case connects to `\(place)`, which is none of control, http and admin")
        }
    }

    func control(_ step: Step, _ link: Link) async throws {
        let connection = link.connection
        switch step.verb {
        case .send:
            let bytes = try bytes("bytes", of: step) ?? []
            if let method = Self.method(of: bytes) { link.methods.append(method) }
            try await transmit(bytes, step, link)
        case .event: try await transmit(event(step).bytes(needsLength: true), step, link)
        case .frame: try await transmit(frame(step), step, link)
        case .shut: try await connection.shutOutput()
        case .close:
            forget(link)
            await connection.close()
        case .reset:
            forget(link)
            try await connection.reset()
        case .pause: await connection.pause()
        case .resume: await connection.resume()
        default: preconditionFailure("\(step.verb) is no verb of a connection")
        }
    }

    /// The case has no use for the connection any more: its name is free.
    private func forget(_ link: Link) {
        links[link.name] = nil
        formerLinks.append(link)
    }

    /// Sends bytes. Those that the server no longer takes are no fault: it may have closed for what it has read, and
    /// what it does is for the next steps to say.
    func transmit(_ bytes: [UInt8], _ step: Step, _ link: Link) async throws {
        do {
            if let socket = link.socket {
                try await socket.send(bytes, cut: cut(of: step))
            } else {
                try await link.connection.send(bytes, cut: cut(of: step), within: patience(of: step) * 6)
            }
        } catch Connection.Failure.gone {}
    }

    /// The method of a request that a case writes itself: the responses to HEAD have no body.
    private static func method(of bytes: [UInt8]) -> String? {
        let word = bytes.prefix(8).prefix { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
        guard word.count >= 3, word.count < bytes.count, bytes[word.count] == UInt8(ascii: " ") else { return nil }
        return String(decoding: word, as: UTF8.self)
    }

    private func event(_ step: Step) throws -> Frame {
        var frame = Frame(version: try text("version", of: step) ?? "1.0", action: "Event")
        try add("id", step, &frame)
        for key in try recipients(step) { frame.headers.append(Frame.Header(name: "recipient", value: key)) }
        try add("ack", step, &frame)
        try add("ttl", step, &frame)
        frame.body = try bytes("body", of: step) ?? []
        return frame
    }

    private func frame(_ step: Step) throws -> [UInt8] {
        guard let action = try text("action", of: step) else { throw Difference("the frame of the case has no action") }
        var frame = Frame(version: try text("version", of: step) ?? "1.1", action: action)
        try add("id", step, &frame)
        frame.headers += try headers(of: step)
        frame.body = try bytes("body", of: step) ?? []
        return frame.bytes(needsLength: step.members["body"] != nil || action == "Event")
    }

    private func add(_ name: String, _ step: Step, _ frame: inout Frame) throws {
        guard let value = try text(name, of: step) else { return }
        frame.headers.append(Frame.Header(name: name, value: value))
    }

    private func recipients(_ step: Step) throws -> [String] {
        guard let to = step.members["to"] else { return [] }
        return try (to.array ?? [to]).map(text)
    }
}
