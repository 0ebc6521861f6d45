import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

@testable import OrbitedProxy

/// What the proxy told its client.
enum ClientPart: Sendable, Equatable {
    case head(HTTPResponseHead)
    case body(ByteBuffer)
    case end(HTTPHeaders?)
    case pause
    case resume
    case abort
}

/// A proxy on an event loop of its own, for tests that run elsewhere.
struct ProxyHarness: Sendable {
    let eventLoop: any EventLoop
    private let proxy: NIOLoopBound<ReverseProxy>

    /// Runs a test with a proxy and an application, and closes both afterwards.
    static func run(
        configuration: ProxyConfiguration = ProxyConfiguration(),
        _ test: (ProxyHarness, ScriptedApplication) async throws -> Void
    ) async throws {
        let application = try await ScriptedApplication.start()
        let proxy = try await start(
            rules: [ProxyRule(prefix: "/", target: .application(application.address))], configuration: configuration)
        try await test(proxy, application)
        try await proxy.close()
        try await application.stop()
    }

    static func start(rules: ProxyRules, configuration: ProxyConfiguration) async throws -> ProxyHarness {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let proxy = try await eventLoop.submit {
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            return NIOLoopBound(
                ReverseProxy(eventLoop: eventLoop, rules: rules, configuration: configuration, logger: logger),
                eventLoop: eventLoop)
        }.get()
        return ProxyHarness(eventLoop: eventLoop, proxy: proxy)
    }

    /// Begins an exchange whose request goes on with calls of the test.
    func begin(
        _ method: HTTPMethod = .GET, _ uri: String = "/", _ headers: HTTPHeaders = ["Host": "example.org"],
        version: HTTPVersion = .http1_1, to application: Application, stopsAtFirstBody: Bool = false
    ) async throws -> TestExchange {
        let head = HTTPRequestHead(version: version, method: method, uri: uri, headers: headers)
        let parts = Mailbox<ClientPart>()
        let count = ByteCount()
        let (eventLoop, proxy) = (eventLoop, proxy)
        let bound = try await eventLoop.submit {
            let client = RecordingClient(parts: parts, count: count, stopsAtFirstBody: stopsAtFirstBody)
            let exchange = proxy.value.begin(head, to: application, client: client, clientAddress: "192.0.2.7")
            client.exchange = exchange
            return NIOLoopBound(exchange, eventLoop: eventLoop)
        }.get()
        return TestExchange(eventLoop: eventLoop, exchange: bound, parts: parts, count: count)
    }

    /// A whole request without a body.
    func send(
        _ method: HTTPMethod = .GET, _ uri: String = "/", _ headers: HTTPHeaders = ["Host": "example.org"],
        version: HTTPVersion = .http1_1, to application: Application
    ) async throws -> TestExchange {
        let exchange = try await begin(method, uri, headers, version: version, to: application)
        try await exchange.end()
        return exchange
    }

    func close() async throws {
        let proxy = proxy
        try await eventLoop.submit { proxy.value.close() }.get()
    }
}

/// One exchange, as the browser sees it.
struct TestExchange: Sendable {
    struct Response {
        var head: HTTPResponseHead
        var body = ""
        var trailers: HTTPHeaders?
        var isAborted = false
    }

    let eventLoop: any EventLoop
    let exchange: NIOLoopBound<ProxyExchange>
    let parts: Mailbox<ClientPart>
    let count: ByteCount

    /// How many bytes of the response's body the client got so far.
    func received() -> Int { count.value }

    func body(_ text: String) async throws {
        try await body(ByteBuffer(string: text))
    }

    func body(_ buffer: ByteBuffer) async throws {
        try await call { $0.body(buffer) }
    }

    func end(_ trailers: HTTPHeaders? = nil) async throws {
        try await call { $0.end(trailers) }
    }

    func clientClosed() async throws {
        try await call { $0.clientClosed() }
    }

    func clientWritabilityChanged(isWritable: Bool) async throws {
        try await call { $0.clientWritabilityChanged(isWritable: isWritable) }
    }

    /// Waits for the response's head.
    func head() async throws -> HTTPResponseHead? {
        if case .head(let head) = try await parts.next() { head } else { nil }
    }

    /// Waits for that much of the body.
    func body(count: Int) async throws -> String {
        var text = ""
        while text.utf8.count < count, case .body(let buffer) = try await parts.next() {
            text += String(buffer: buffer)
        }
        return text
    }

    /// Waits for the whole response.
    func response() async throws -> Response {
        var response = Response(head: HTTPResponseHead(version: .http1_1, status: .custom(code: 0, reasonPhrase: "")))
        while true {
            switch try await parts.next() {
            case .head(let head): response.head = head
            case .body(let buffer): response.body += String(buffer: buffer)
            case .pause, .resume: break
            case .end(let trailers):
                response.trailers = trailers
                return response
            case .abort:
                response.isAborted = true
                return response
            }
        }
    }

    private func call(_ action: @escaping @Sendable (ProxyExchange) -> Void) async throws {
        let exchange = exchange
        try await eventLoop.submit { action(exchange.value) }.get()
    }
}

/// A number that the client's event loop counts up and the test reads.
final class ByteCount: Sendable {
    private let bytes = Mutex(0)

    var value: Int { bytes.withLock { $0 } }

    func add(_ count: Int) {
        bytes.withLock { $0 += count }
    }
}

/// A client that hands everything to the test.
private final class RecordingClient: ProxyClient {
    private let parts: Mailbox<ClientPart>
    private let count: ByteCount
    private var stopsAtFirstBody: Bool
    weak var exchange: ProxyExchange?

    init(parts: Mailbox<ClientPart>, count: ByteCount, stopsAtFirstBody: Bool) {
        self.parts = parts
        self.count = count
        self.stopsAtFirstBody = stopsAtFirstBody
    }

    func proxyRespond(head: HTTPResponseHead) { parts.put(.head(head)) }

    func proxyRespond(body: ByteBuffer) {
        count.add(body.readableBytes)
        parts.put(.body(body))
        guard stopsAtFirstBody else { return }
        stopsAtFirstBody = false
        exchange?.clientWritabilityChanged(isWritable: false)
    }

    func proxyRespond(end trailers: HTTPHeaders?) { parts.put(.end(trailers)) }
    func proxyPauseRequest() { parts.put(.pause) }
    func proxyResumeRequest() { parts.put(.resume) }
    func proxyAbort() { parts.put(.abort) }
}
