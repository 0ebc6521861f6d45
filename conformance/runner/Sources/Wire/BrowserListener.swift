/// A port of the suite for browsers: it serves a page with the library, and keeps all other requests for their steps.
final class BrowserListener: Sendable {
    /// More requests than these are not kept.
    private static let mostWaiting = 10_000

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

    /// - Parameter script: the library, which is served as `/orbited.js`.
    init(_ listener: Listener, script: [UInt8]?) {
        self.listener = listener
        self.script = script
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

    private func serve(_ connection: Connection) async {
        var requests = RequestReader()
        do {
            while let bytes = await connection.nextBytes() {
                requests.append(bytes)
                while let request = try requests.next() {
                    let exchange = Exchange(request, on: connection)
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
                while let message = try messages.next() { exchange.inbox.update { $0.messages.append(message) } }
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
        default: inbox.update { if $0.requests.count < Self.mostWaiting { $0.requests.append(exchange) } }
        }
    }

    private func serve(_ exchange: Exchange, _ contentType: String, _ body: [UInt8]?) async {
        let headers = [("Content-Type", contentType), ("Cache-Control", "no-store")]
        // A browser that has gone shows by the end of its connection.
        try? await exchange.respond(status: body == nil ? 404 : 200, headers: headers, body: body ?? [])
    }
}
