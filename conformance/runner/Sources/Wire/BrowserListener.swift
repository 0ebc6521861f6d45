/// A port of the suite for browsers: it serves a page with the library, and keeps all other requests for their steps.
final class BrowserListener: Sendable {
    /// More requests than these are not kept, and fail the trial.
    private static let mostWaiting = 10_000
    /// The same for the messages of a WebSocket.
    private static let mostMessages = 1_000_000

    /// What browsers have sent and no step has taken.
    struct Received: Sendable {
        var requests: [Exchange] = []
        /// What was no request: the first of them.
        var violation: Violation?
    }

    let listener: Listener
    /// It ends when nothing more can come: the port is closed, and all connections have ended.
    let inbox = Inbox(Received())
    private let script: [UInt8]?
    private let patience: Duration

    /// - Parameters:
    ///   - script: the library, which is served as `/orbited.js`.
    ///   - patience: how long a browser has to take what is sent.
    init(_ listener: Listener, script: [UInt8]?, patience: Duration) {
        self.listener = listener
        self.script = script
        self.patience = patience
    }

    /// Takes connections until it is cancelled or the port is closed.
    func run() async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled, let connection = try? await listener.next(until: .now + Connection.lifetime) {
                group.addTask { await self.serve(connection) }
            }
        }
        inbox.end()
    }

    /// Listens no more, once every connection that browsers have made is taken: the system hands them over in their
    /// order, so that one of the suite's own tells when.
    func close() async {
        if let last = try? await Connection.connect(host: "127.0.0.1", port: listener.port) {
            try? await last.send(Array("GET /favicon.ico HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
            _ = await last.nextBytes()
            await last.close()
        }
        await listener.close()
    }

    private func serve(_ connection: Connection) async {
        var requests = RequestReader()
        do {
            while let bytes = await connection.nextBytes() {
                requests.append(bytes)
                while let request = try requests.next() {
                    let exchange = Exchange(request, on: connection, patience: patience)
                    await begin(exchange)
                    guard await whole(exchange) else { return }
                    if exchange.isSocket { return await read(exchange, requests.rest) }
                }
            }
        } catch {
            inbox.update { $0.violation = $0.violation ?? Violation(error) }
            await connection.close()
        }
    }

    /// Waits until the exchange is over, or the browser has left it.
    private func whole(_ exchange: Exchange) async -> Bool {
        let connection = exchange.connection
        let watch = Task {
            _ = try? await connection.receive(until: .now + Connection.lifetime) { _, isEnded in isEnded ? true : nil }
            if !Task.isCancelled { exchange.lose() }
        }
        defer { watch.cancel() }
        return await exchange.hasEnded()
    }

    private func read(_ exchange: Exchange, _ first: [UInt8]) async {
        var messages = SocketMessages()
        messages.append(first)
        do {
            repeat {
                while let message = try messages.next() {
                    let count = exchange.inbox.update { received in
                        received.messages.append(message)
                        return received.messages.count
                    }
                    guard count < Self.mostMessages else { throw Violation("more messages came than the suite keeps") }
                }
                guard let bytes = await exchange.connection.nextBytes() else { break }
                messages.append(bytes)
            } while true
        } catch {
            exchange.inbox.update { $0.violation = Violation(error) }
        }
        exchange.lose()
    }

    private func begin(_ exchange: Exchange) async {
        switch exchange.request.path {
        case "/": await serve(exchange, "text/html; charset=utf-8", Array(TestPage.html.utf8))
        case "/orbited.js": await serve(exchange, "text/javascript; charset=utf-8", script)
        case "/favicon.ico": await serve(exchange, "image/x-icon", nil)
        default:
            inbox.update { received in
                if received.requests.count < Self.mostWaiting { return received.requests.append(exchange) }
                received.violation = received.violation ?? Violation("more requests came than the suite keeps")
            }
        }
    }

    private func serve(_ exchange: Exchange, _ contentType: String, _ body: [UInt8]?) async {
        let headers = [("Content-Type", contentType), ("Cache-Control", "no-store")]
        // A browser that has gone shows by the end of its connection.
        try? await exchange.respond(status: body == nil ? 404 : 200, headers: headers, body: body ?? [])
    }
}
