// Requests of the suite, as a browser or as a program makes them: request, browse, say.
extension Scene {
    func request(_ step: Step) async throws {
        let name = try text(step.subject)
        guard let target = try text("target", of: step) else {
            throw Difference("the request of the case has no target")
        }
        var request = Request(
            method: try text("method", of: step) ?? "GET", target: target,
            version: try text("version", of: step) ?? "1.1", headers: try headers(of: step))
        if let body = try bytes("body", of: step) {
            request.body = body
            request.addLength()
        }
        try await send(request, step, name, to: try text("to", of: step) ?? "http")
    }

    /// Sends a request on the connection of that name if it is free, and else on a new one.
    @discardableResult
    private func send(_ request: Request, _ step: Step, _ name: String, to place: String) async throws -> Link {
        let deadline = try deadline(of: step)
        let link: Link
        if let known = links[name], try await isFree(known, until: deadline) {
            link = known
        } else {
            link = Link(name, try await connect(to: place, patience(of: step)))
            add(link)
        }
        link.beginRequest(request.method)
        var request = request
        request.addHost("\(surroundings.host):\(link.connection.channel.remoteAddress?.port ?? 0)")
        try await transmit(request.bytes, step, link)
        return link
    }

    /// Whether the connection's response is complete, and it can carry another request.
    private func isFree(_ link: Link, until deadline: ContinuousClock.Instant) async throws -> Bool {
        guard link.socket == nil else { return false }
        guard link.response != nil || !link.methods.isEmpty else { return link.connection.isOpen && link.bytes.isEmpty }
        guard let response = link.response, response.head.keepsAlive else { return false }
        // What is left of a body whose length is known is on its way; other bodies may have no end.
        while !(link.response?.decoder.isComplete ?? false) {
            let isShort = response.head.values(of: "content-length").count == 1
            guard try await fill(link, until: isShort ? deadline : .now), link.end == nil else { return false }
            try link.readBody()
        }
        return link.connection.isOpen && link.bytes.isEmpty
    }

    func browse(_ step: Step) async throws {
        let name = try text(step.subject)
        guard let word = try text("transport", of: step), let transport = Transport(word) else {
            throw Difference("the case browses with a transport that the suite does not know", got: step.text)
        }
        let given = try headers(of: step)
        var request = Request(method: "GET", target: try target(transport, step), version: "1.1", headers: given)
        let handshake = WebSocketHandshake()
        if transport.kind == .webSocket { request.headers = handshake.headers(without: given) + given }
        let link = try await send(request, step, name, to: "http")
        let deadline = try deadline(of: step)
        switch transport.kind {
        case .stream:
            try await begin(transport, link, until: deadline)
        case .poll:
            link.unchecked = transport
            let hasCursor =
                step.members["last"] != nil || given.contains { $0.name.lowercased() == "last-event-id" }
            if transport.hasCursors && !hasCursor {
                // It is answered at once [POL-5].
                try await begin(transport, link, until: deadline)
            } else {
                try await letArrive(link, request.target)
            }
        case .webSocket:
            let head = try await head(of: link, until: deadline)
            guard head.status == 101 else { throw Self.unexpected(head, link, status: 101) }
            try handshake.check(head, given: given)
            link.socket = WebSocket(link.connection, rest: link.bytes)
            link.bytes = []
        }
    }

    /// Gives a poll that is held, and so shows nothing, the time to arrive before the next step: as long as a `HEAD`
    /// takes that is sent after it, which is answered at once and touches no session [BRW-31], and a little more.
    private func letArrive(_ link: Link, _ target: String) async throws {
        let connection = try? await Connection.connect(
            host: surroundings.host, port: surroundings.httpPort, within: scaled(1))
        if let connection {
            var request = Request(method: "HEAD", target: target, version: "1.1")
            request.addHost("\(surroundings.host):\(surroundings.httpPort)")
            try? await connection.send(request.bytes)
            _ = try await fill(Link("", connection), until: .now + scaled(1))
            await connection.close()
        }
        _ = try await fill(link, until: .now + scaled(0.1))
    }

    /// Reads and checks the head of a response with items.
    func begin(_ transport: Transport, _ link: Link, until deadline: ContinuousClock.Instant) async throws {
        link.unchecked = nil
        let head = try await head(of: link, until: deadline)
        guard head.status == 200 else { throw Self.unexpected(head, link, status: 200) }
        guard head.values(of: "content-type") == [transport.contentType] else {
            throw Difference(
                "the content type is not that of \(transport.name)", expected: transport.contentType,
                got: head.values(of: "content-type").joined(separator: ", "))
        }
        link.reader = transport.reader
    }

    func head(of link: Link, until deadline: ContinuousClock.Instant) async throws -> ResponseHead {
        try await next("the head of a response", of: link, until: deadline) { try $0.readHead() }
    }

    private static func unexpected(_ head: ResponseHead, _ link: Link, status: Int) -> Difference {
        try? link.readBody()
        let body = link.response?.body ?? []
        return Difference(
            "the status of the response is \(head.status), and not \(status)", expected: "\(status)",
            got: shortened(head.value.text) + (body.isEmpty ? "" : " with the body " + readable(body)))
    }

    private func target(_ transport: Transport, _ step: Step) throws -> String {
        let user = try text("user", of: step) ?? patterns.variables.text("${user}")
        let location = try text("location", of: step) ?? patterns.variables.text("/${user}")
        var fields = [("user", user)]
        if let session = try text("session", of: step) { fields.append(("session", session)) }
        fields.append(("transport", transport.name))
        if transport.name == "jsonp" { fields.append(("callback", Transport.callback)) }
        if let last = try text("last", of: step) { fields.append(("last", last)) }
        let query = fields.map { "\($0)=\(Request.percentEncoded($1))" }.joined(separator: "&")
        return Request.percentEncoded(location, besides: "/") + "?" + query
    }

    func say(_ step: Step, on link: Link) async throws {
        guard let socket = link.socket else { throw Difference("the connection \(link.name) is no WebSocket") }
        do { try await socket.send(webSocketFrame(step), cut: cut(of: step)) } catch Connection.Failure.gone {
            throw Difference("the WebSocket was gone before the frame was sent")
        }
    }

    /// The frame that a step says.
    func webSocketFrame(_ step: Step) throws -> WebSocketFrame {
        if let code = step.members["close"]?.number.flatMap({ Int(exactly: $0) }) {
            return .close(code, try text("text", of: step) ?? "")
        }
        if let payload = try bytes("ping", of: step) { return WebSocketFrame(.ping, payload) }
        return WebSocketFrame(.text, try bytes("text", of: step) ?? [])
    }
}
