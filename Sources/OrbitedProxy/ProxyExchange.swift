import DequeModule
import Logging
import NIOCore
import NIOHTTP1

/// One request on its way to an application, and the response back. Confined to the event loop of its `ReverseProxy`.
///
/// The server's handler that began it hands over the request with `body` and `end`, and says how its connection does.
/// After the response's end or abort all calls are taken and do nothing. If the client's connection closes before that,
/// `clientClosed` has to be called, or the exchange lasts as long as the application's response does.
public final class ProxyExchange {
    private let request: HTTPRequestHead
    private let application: Application
    private let refusal: ProxyFailure?
    private let proxy: ReverseProxy
    private let timer: ResponseTimer
    private var client: (any ProxyClient)?
    private var connection: UpstreamConnection?
    private var machine: ExchangeStateMachine
    private var actions: Deque<ExchangeAction> = []
    private var isPerforming = false
    private var hasToFlush = false

    /// - Parameters:
    ///   - request: The head as the browser sent it.
    ///   - rewritten: The head as the application is to get it, or why it can't.
    init(
        request: HTTPRequestHead, rewritten: Result<HTTPRequestHead, ProxyFailure>, to application: Application,
        client: any ProxyClient, proxy: ReverseProxy
    ) {
        self.request = request
        self.application = application
        self.client = client
        self.proxy = proxy
        switch rewritten {
        case .success(let head):
            machine = ExchangeStateMachine(head: head)
            refusal = nil
        case .failure(let failure):
            machine = ExchangeStateMachine(head: request)
            refusal = failure
        }
        timer = ResponseTimer(eventLoop: proxy.eventLoop, time: proxy.configuration.responseTimeout)
        timer.onExpiry = { [weak self] in self?.timedOut() }
    }

    /// Passes on a part of the request's body.
    public func body(_ buffer: ByteBuffer) {
        perform(machine.requestBody(buffer))
    }

    /// Ends the request, with the trailers that the browser sent.
    public func end(_ trailers: HTTPHeaders?) {
        perform(machine.requestEnd(HopByHop.stripped(trailers: trailers)))
    }

    /// The client's connection is closed: the client isn't called any more, and the application's connection closes.
    public func clientClosed() {
        client = nil
        perform(machine.clientClosed())
    }

    /// The client's connection takes more of the response, or no more for now: then the application is read no further.
    ///
    /// At the beginning it is taken to be writable.
    public func clientWritabilityChanged(isWritable: Bool) {
        perform(machine.clientWritabilityChanged(isWritable: isWritable))
    }

    func start() {
        if let refusal {
            perform(machine.failed(refusal))
        } else {
            perform(machine.start())
        }
    }
}

@available(*, unavailable)
extension ProxyExchange: Sendable {}

// MARK: - What the connection to the application says

extension ProxyExchange {
    func received(_ part: HTTPClientResponsePart) {
        switch part {
        case .head(let head):
            do throws(ProxyFailure) {
                perform(machine.responseHead(try ClientResponse.head(for: head), keepAlive: head.isKeepAlive))
            } catch {
                perform(machine.failed(error))
            }
        case .body(let buffer):
            perform(machine.responseBody(buffer))
        case .end(let trailers):
            perform(machine.responseEnd(HopByHop.stripped(trailers: trailers)))
        }
    }

    func readCompleted() {
        perform(machine.readCompleted())
    }

    func upstreamWritabilityChanged(isWritable: Bool) {
        perform(machine.upstreamWritabilityChanged(isWritable: isWritable))
    }

    func lostConnection(_ failure: ProxyFailure) {
        connection = nil
        perform(machine.failed(failure))
    }

    private func connected(_ connection: UpstreamConnection, isReused: Bool) {
        connection.lend(to: self)
        self.connection = connection
        perform(machine.connected(isReused: isReused))
    }

    private func timedOut() {
        perform(machine.failed(.responseTimedOut(proxy.configuration.responseTimeout)))
    }
}

// MARK: - Carrying out actions

extension ProxyExchange {
    /// Carries actions out one after the other. What they cause on the way queues behind them, so that the order is
    /// always the state machine's.
    private func perform(_ new: [ExchangeAction]) {
        actions.append(contentsOf: new)
        guard !isPerforming else { return }
        isPerforming = true
        repeat {
            while let action = actions.popFirst() { carryOut(action) }
            flush()
        } while !actions.isEmpty
        isPerforming = false
    }

    private func carryOut(_ action: ExchangeAction) {
        switch action {
        case .connect(let mayReuse): connect(mayReuse: mayReuse)
        case .sendHead(let head): send(.head(head))
        case .sendBody(let buffer): send(.body(.byteBuffer(buffer)))
        case .sendEnd(let trailers): send(.end(trailers))
        case .read: connection?.read()
        case .release(let reuse): release(reuse: reuse)
        case .pauseRequest: client?.proxyPauseRequest()
        case .resumeRequest: client?.proxyResumeRequest()
        case .respondHead(let head): client?.proxyRespond(head: head)
        case .respondBody(let buffer): client?.proxyRespond(body: buffer)
        case .respondEnd(let trailers): takeClient()?.proxyRespond(end: trailers)
        case .respondFailure(let failure): respond(failure)
        case .abort(let failure): abort(failure)
        case .armTimer: timer.arm()
        case .disarmTimer: timer.disarm()
        }
    }

    private func connect(mayReuse: Bool) {
        if mayReuse, let connection = proxy.takeIdle(to: application) {
            connected(connection, isReused: true)
            return
        }
        proxy.connect(to: application) { result in
            switch result {
            case .success(let connection): self.connected(connection, isReused: false)
            case .failure(let failure): self.perform(self.machine.failed(failure))
            }
        }
    }

    private func send(_ part: HTTPClientRequestPart) {
        connection?.write(part)
        hasToFlush = true
    }

    private func flush() {
        guard hasToFlush else { return }
        hasToFlush = false
        connection?.flush()
    }

    private func release(reuse: Bool) {
        flush()
        connection?.release(reuse: reuse && proxy.configuration.keepAlive)
        connection = nil
    }

    private func abort(_ failure: ProxyFailure) {
        proxy.log(failure, of: request, to: application)
        takeClient()?.proxyAbort()
    }

    private func respond(_ failure: ProxyFailure) {
        proxy.log(failure, of: request, to: application)
        let rule = proxy.rule(for: request, to: application)
        let (head, body) = FailurePage(failure: failure, application: application, rule: rule).response()
        client?.proxyRespond(head: head)
        if request.method != .HEAD { client?.proxyRespond(body: body) }
        takeClient()?.proxyRespond(end: nil)
    }

    private func takeClient() -> (any ProxyClient)? {
        defer { client = nil }
        return client
    }
}
