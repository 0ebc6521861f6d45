import DequeModule
import NIOCore
import NIOHTTP1

/// One request and its response on their way between a browser and an application: what arrives goes in, actions
/// come out.
///
/// It knows no channel and no clock. Until the connection to the application is there, the request waits in here,
/// bounded by `ProxyLimits.waitingBody`; afterwards nothing does.
struct ExchangeStateMachine {
    /// The request until the application gets it.
    private struct Waiting {
        var body: Deque<ByteBuffer> = []
        var bytes = 0
        var progress = RequestProgress.streaming
    }

    /// The exchange while it has a connection.
    private struct Exchanging {
        /// Whether the same request may be sent once more, on a fresh connection, if this one dies before the response.
        var mayRetry: Bool
        var request: RequestProgress
        var response = ResponseProgress.awaitingHead
        var upstreamIsWritable = true
        var isReading = false
    }

    private enum RequestProgress {
        case streaming
        case ended(HTTPHeaders?)

        var isEnded: Bool {
            switch self {
            case .streaming: false
            case .ended: true
            }
        }
    }

    private enum ResponseProgress {
        case awaitingHead
        case streaming(keepAlive: Bool)
    }

    private enum State {
        case connecting(Waiting)
        case exchanging(Exchanging)
        case finished
    }

    private let head: HTTPRequestHead
    private var state = State.connecting(Waiting())
    private var wantsContinue: Bool
    private var clientIsWritable = true
    private var requestIsPaused = false
    private var timerIsArmed = false

    /// - Parameter head: The request's head as the application is to get it.
    init(head: HTTPRequestHead) {
        self.head = head
        wantsContinue = head.headers.tokens("Expect").contains("100-continue")
    }
}

// MARK: - The connection

extension ExchangeStateMachine {
    /// The exchange begins.
    func start() -> [ExchangeAction] {
        switch state {
        case .connecting: [.connect(mayReuse: true)]
        case .exchanging: preconditionFailure("an exchange starts once")
        case .finished: []
        }
    }

    /// The connection is there.
    mutating func connected(isReused: Bool) -> [ExchangeAction] {
        switch state {
        case .connecting(let waiting):
            let mayRetry = isReused && head.method.isIdempotent && waiting.body.isEmpty
            state = .exchanging(Exchanging(mayRetry: mayRetry, request: waiting.progress))
            var actions: [ExchangeAction] = [.sendHead(head)] + waiting.body.map { .sendBody($0) }
            if case .ended(let trailers) = waiting.progress { actions.append(.sendEnd(trailers)) }
            return actions + resumeRequest() + read() + timer(progress: true)
        case .exchanging:
            preconditionFailure("an exchange has one connection at a time")
        case .finished:
            return [.release(reuse: false)]
        }
    }

    /// No response can come any more: there is no connection, it died, or what it carries is no response.
    mutating func failed(_ failure: ProxyFailure) -> [ExchangeAction] {
        switch state {
        case .connecting:
            return finish([.respondFailure(failure)])
        case .exchanging(let exchanging):
            switch exchanging.response {
            case .awaitingHead where exchanging.mayRetry && failure.isCuredByFreshConnection:
                state = .connecting(Waiting(progress: exchanging.request))
                return resumeRequest() + timer(progress: false) + [.connect(mayReuse: false)]
            case .awaitingHead:
                return [.release(reuse: false)] + finish([.respondFailure(failure)])
            case .streaming:
                return [.release(reuse: false)] + finish([.abort(failure)])
            }
        case .finished:
            return []
        }
    }

    /// The application takes more of the request, or no more for now.
    mutating func upstreamWritabilityChanged(isWritable: Bool) -> [ExchangeAction] {
        guard case .exchanging(var exchanging) = state else { return [] }
        exchanging.upstreamIsWritable = isWritable
        state = .exchanging(exchanging)
        return (isWritable ? resumeRequest() : pauseRequest()) + timer(progress: true)
    }
}

// MARK: - The request

extension ExchangeStateMachine {
    /// A part of the request's body arrived.
    mutating func requestBody(_ buffer: ByteBuffer) -> [ExchangeAction] {
        guard buffer.readableBytes > 0 else { return [] }
        switch state {
        case .connecting(var waiting):
            waiting.body.append(buffer)
            waiting.bytes += buffer.readableBytes
            state = .connecting(waiting)
            return waiting.bytes >= ProxyLimits.waitingBody ? pauseRequest() : []
        case .exchanging(var exchanging):
            exchanging.mayRetry = false
            state = .exchanging(exchanging)
            return [.sendBody(buffer)]
        case .finished:
            return []
        }
    }

    /// The request is complete.
    mutating func requestEnd(_ trailers: HTTPHeaders?) -> [ExchangeAction] {
        switch state {
        case .connecting(var waiting):
            waiting.progress = .ended(trailers)
            state = .connecting(waiting)
            return []
        case .exchanging(var exchanging):
            exchanging.request = .ended(trailers)
            state = .exchanging(exchanging)
            return [.sendEnd(trailers)] + timer(progress: true)
        case .finished:
            return []
        }
    }

    private mutating func pauseRequest() -> [ExchangeAction] {
        guard !requestIsPaused, !requestIsEnded else { return [] }
        requestIsPaused = true
        return [.pauseRequest]
    }

    private mutating func resumeRequest() -> [ExchangeAction] {
        guard requestIsPaused else { return [] }
        requestIsPaused = false
        return [.resumeRequest]
    }

    private var requestIsEnded: Bool {
        switch state {
        case .connecting(let waiting): waiting.progress.isEnded
        case .exchanging(let exchanging): exchanging.request.isEnded
        case .finished: true
        }
    }
}

// MARK: - The response

extension ExchangeStateMachine {
    /// The head of a response, or of what precedes it, arrived; `keepAlive` tells if the connection outlives it.
    mutating func responseHead(_ head: HTTPResponseHead, keepAlive: Bool) -> [ExchangeAction] {
        guard case .exchanging(var exchanging) = state else { return [] }
        guard !head.status.isInformational else {
            let isAwaited = wantsContinue && head.status == .continue && !exchanging.request.isEnded
            if isAwaited { wantsContinue = false }
            return (isAwaited ? [.respondHead(head)] : []) + timer(progress: true)
        }
        exchanging.response = .streaming(keepAlive: keepAlive)
        state = .exchanging(exchanging)
        return [.respondHead(head)] + timer(progress: true)
    }

    /// A part of the response's body arrived.
    mutating func responseBody(_ buffer: ByteBuffer) -> [ExchangeAction] {
        guard case .exchanging = state else { return [] }
        return [.respondBody(buffer)] + timer(progress: true)
    }

    /// The response is complete. If the request isn't, the application wants no more of it.
    mutating func responseEnd(_ trailers: HTTPHeaders?) -> [ExchangeAction] {
        guard case .exchanging(let exchanging) = state, case .streaming(let keepAlive) = exchanging.response else {
            return []
        }
        return [.release(reuse: keepAlive && exchanging.request.isEnded)] + finish([.respondEnd(trailers)])
    }

    /// What one read brought is dealt with.
    mutating func readCompleted() -> [ExchangeAction] {
        guard case .exchanging(var exchanging) = state else { return [] }
        exchanging.isReading = false
        state = .exchanging(exchanging)
        return read()
    }

    private mutating func read() -> [ExchangeAction] {
        guard clientIsWritable, case .exchanging(var exchanging) = state, !exchanging.isReading else { return [] }
        exchanging.isReading = true
        state = .exchanging(exchanging)
        return [.read]
    }
}

// MARK: - The client and the clock

extension ExchangeStateMachine {
    /// The client takes more of the response, or no more for now.
    mutating func clientWritabilityChanged(isWritable: Bool) -> [ExchangeAction] {
        clientIsWritable = isWritable
        return read() + timer(progress: false)
    }

    /// The client is gone.
    mutating func clientClosed() -> [ExchangeAction] {
        let release: [ExchangeAction]
        switch state {
        case .connecting, .finished: release = []
        case .exchanging: release = [.release(reuse: false)]
        }
        requestIsPaused = false
        return release + finish([])
    }

    /// Ends the exchange; the client is never left paused, so that it can deal with what remains of the request.
    private mutating func finish(_ actions: [ExchangeAction]) -> [ExchangeAction] {
        state = .finished
        return timer(progress: false) + resumeRequest() + actions
    }

    /// Whether the next move is the application's: it has to respond, or to take more of the request.
    private var isWaitingForApplication: Bool {
        guard case .exchanging(let exchanging) = state else { return false }
        return exchanging.request.isEnded ? clientIsWritable : !exchanging.upstreamIsWritable
    }

    private mutating func timer(progress: Bool) -> [ExchangeAction] {
        let wasArmed = timerIsArmed
        timerIsArmed = isWaitingForApplication
        switch (wasArmed, timerIsArmed) {
        case (_, true): return progress || !wasArmed ? [.armTimer] : []
        case (true, false): return [.disarmTimer]
        case (false, false): return []
        }
    }
}
