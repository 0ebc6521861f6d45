import NIOCore
import NIOHTTP1
import Testing

@testable import OrbitedProxy

@Suite("The state machine of an exchange")
struct ExchangeStateMachineTests {
    private let ok = HTTPResponseHead(version: .http1_1, status: .ok)
    private let buffer = ByteBuffer(string: "abc")
    private let large = ByteBuffer(repeating: 0, count: ProxyLimits.waitingBody)
    private let failure = ProxyFailure.unreachable(reason: "it is away")

    private func head(_ method: HTTPMethod = .GET, _ headers: HTTPHeaders = [:]) -> HTTPRequestHead {
        HTTPRequestHead(version: .http1_1, method: method, uri: "/", headers: headers)
    }

    /// An exchange whose request has gone to the application.
    private func awaitingResponse(_ method: HTTPMethod = .GET, isReused: Bool = false) -> ExchangeStateMachine {
        var machine = ExchangeStateMachine(head: head(method))
        _ = machine.start()
        _ = machine.requestEnd(nil)
        _ = machine.connected(isReused: isReused)
        return machine
    }

    @Test("A request goes out whole once the connection is there, and its response comes back")
    func plain() {
        var machine = ExchangeStateMachine(head: head())
        #expect(machine.start() == [.connect(mayReuse: true)])
        #expect(machine.requestEnd(nil) == [])
        #expect(machine.connected(isReused: false) == [.sendHead(head()), .sendEnd(nil), .read, .armTimer])
        #expect(machine.responseHead(ok, keepAlive: true) == [.respondHead(ok), .armTimer])
        #expect(machine.responseBody(buffer) == [.respondBody(buffer), .armTimer])
        #expect(machine.readCompleted() == [.read])
        #expect(machine.responseEnd(["X": "y"]) == [.release(reuse: true), .disarmTimer, .respondEnd(["X": "y"])])
        #expect(machine.readCompleted() == [])
        #expect(machine.clientClosed() == [])
    }

    @Test("A small body waits for the connection, a large one pauses the client meanwhile")
    func waitingBody() {
        var machine = ExchangeStateMachine(head: head(.POST))
        _ = machine.start()
        #expect(machine.requestBody(buffer) == [])
        #expect(machine.requestBody(large) == [.pauseRequest])
        #expect(machine.requestBody(buffer) == [])
        #expect(
            machine.connected(isReused: false) == [
                .sendHead(head(.POST)), .sendBody(buffer), .sendBody(large), .sendBody(buffer), .resumeRequest, .read,
            ])
        #expect(machine.requestBody(buffer) == [.sendBody(buffer)])
        #expect(machine.requestEnd(["X": "y"]) == [.sendEnd(["X": "y"]), .armTimer])
    }

    @Test("An application that takes nothing pauses the client, and its time runs")
    func slowApplication() {
        var machine = ExchangeStateMachine(head: head(.POST))
        _ = machine.connected(isReused: false)
        #expect(machine.upstreamWritabilityChanged(isWritable: false) == [.pauseRequest, .armTimer])
        #expect(machine.upstreamWritabilityChanged(isWritable: true) == [.resumeRequest, .disarmTimer])
        #expect(machine.upstreamWritabilityChanged(isWritable: false) == [.pauseRequest, .armTimer])
        #expect(
            machine.failed(.responseTimedOut(.seconds(1))) == [
                .release(reuse: false), .disarmTimer, .resumeRequest, .respondFailure(.responseTimedOut(.seconds(1))),
            ])
    }

    @Test("A request that ended is not paused any more")
    func noPauseAfterEnd() {
        var machine = awaitingResponse()
        #expect(machine.upstreamWritabilityChanged(isWritable: false) == [.armTimer])
    }

    @Test("A client that takes nothing stops the reads and the application's time")
    func slowClient() {
        var machine = awaitingResponse()
        _ = machine.responseHead(ok, keepAlive: true)
        #expect(machine.clientWritabilityChanged(isWritable: false) == [.disarmTimer])
        #expect(machine.responseBody(buffer) == [.respondBody(buffer)])
        #expect(machine.readCompleted() == [])
        #expect(machine.clientWritabilityChanged(isWritable: true) == [.read, .armTimer])
        #expect(machine.clientWritabilityChanged(isWritable: true) == [])
    }

    @Test("A client that takes nothing from the beginning isn't sent anything by the proxy's own reading")
    func slowClientFromTheStart() {
        var machine = ExchangeStateMachine(head: head())
        #expect(machine.clientWritabilityChanged(isWritable: false) == [])
        _ = machine.requestEnd(nil)
        #expect(machine.connected(isReused: false) == [.sendHead(head()), .sendEnd(nil)])
        #expect(machine.clientWritabilityChanged(isWritable: true) == [.read, .armTimer])
    }

    @Test("A connection that isn't there becomes a response of the proxy's own")
    func connectFailed() {
        var machine = ExchangeStateMachine(head: head(.POST))
        _ = machine.start()
        _ = machine.requestBody(large)
        #expect(machine.failed(failure) == [.resumeRequest, .respondFailure(failure)])
        #expect(machine.requestBody(buffer) == [])
        #expect(machine.requestEnd(nil) == [])
    }

    @Test(
        "A reused connection that dies before the response is replaced by a fresh one, if nothing can happen twice",
        arguments: [
            (HTTPMethod.GET, true), (.HEAD, true), (.OPTIONS, true), (.PUT, true), (.DELETE, true), (.POST, false),
            (.PATCH, false), (.RAW(value: "BREW"), false),
        ])
    func retry(method: HTTPMethod, isRetried: Bool) {
        var machine = awaitingResponse(method, isReused: true)
        guard isRetried else {
            #expect(
                machine.failed(.closedEarly) == [.release(reuse: false), .disarmTimer, .respondFailure(.closedEarly)])
            return
        }
        #expect(machine.failed(.closedEarly) == [.disarmTimer, .connect(mayReuse: false)])
        #expect(machine.connected(isReused: false) == [.sendHead(head(method)), .sendEnd(nil), .read, .armTimer])
        #expect(machine.failed(.closedEarly) == [.release(reuse: false), .disarmTimer, .respondFailure(.closedEarly)])
    }

    @Test("What a fresh connection doesn't cure isn't tried again")
    func noRetry() {
        var fresh = awaitingResponse(isReused: false)
        #expect(fresh.failed(.closedEarly).last == .respondFailure(.closedEarly))
        var malformed = awaitingResponse(isReused: true)
        let failure = ProxyFailure.malformedResponse(reason: "x")
        #expect(malformed.failed(failure).last == .respondFailure(failure))
    }

    @Test("A request whose body was sent isn't tried again")
    func noRetryWithBody() {
        var early = ExchangeStateMachine(head: head(.PUT))
        _ = early.requestBody(buffer)
        _ = early.connected(isReused: true)
        #expect(early.failed(.closedEarly).last == .respondFailure(.closedEarly))

        var late = ExchangeStateMachine(head: head(.PUT))
        _ = late.connected(isReused: true)
        _ = late.requestBody(buffer)
        #expect(late.failed(.closedEarly).last == .respondFailure(.closedEarly))
    }

    @Test("A response that breaks off is broken off for the client too")
    func truncated() {
        var machine = awaitingResponse(isReused: true)
        _ = machine.responseHead(ok, keepAlive: true)
        #expect(machine.failed(.closedEarly) == [.release(reuse: false), .disarmTimer, .abort(.closedEarly)])
        #expect(machine.responseBody(buffer) == [])
        #expect(machine.responseEnd(nil) == [])
    }

    @Test("The connection isn't used again if the application closes it")
    func notReusable() {
        var machine = awaitingResponse()
        _ = machine.responseHead(ok, keepAlive: false)
        #expect(machine.responseEnd(nil).first == .release(reuse: false))
    }

    @Test("A response before the request's end closes the connection and lets the client go on")
    func earlyResponse() {
        var machine = ExchangeStateMachine(head: head(.POST))
        _ = machine.connected(isReused: false)
        _ = machine.upstreamWritabilityChanged(isWritable: false)
        _ = machine.responseHead(ok, keepAlive: true)
        #expect(
            machine.responseEnd(nil) == [.release(reuse: false), .disarmTimer, .resumeRequest, .respondEnd(nil)])
        #expect(machine.requestBody(buffer) == [])
    }

    @Test("100 Continue is passed on once to a client that waits for it; other heads before the response are not")
    func informational() {
        let goOn = HTTPResponseHead(version: .http1_1, status: .continue)
        let hints = HTTPResponseHead(version: .http1_1, status: .custom(code: 103, reasonPhrase: "Early Hints"))
        var machine = ExchangeStateMachine(head: head(.POST, ["Expect": "100-continue"]))
        _ = machine.connected(isReused: false)
        #expect(machine.responseHead(hints, keepAlive: true) == [])
        #expect(machine.responseHead(goOn, keepAlive: true) == [.respondHead(goOn)])
        #expect(machine.responseHead(goOn, keepAlive: true) == [])
        #expect(machine.responseHead(ok, keepAlive: true) == [.respondHead(ok)])

        var unasked = awaitingResponse(.POST)
        #expect(unasked.responseHead(goOn, keepAlive: true) == [.armTimer])
    }

    @Test("A client that goes frees the connection, and a connection that comes too late closes")
    func clientClosed() {
        var machine = awaitingResponse()
        #expect(machine.clientClosed() == [.release(reuse: false), .disarmTimer])
        #expect(machine.failed(.closedEarly) == [])

        var connecting = ExchangeStateMachine(head: head())
        _ = connecting.start()
        #expect(connecting.clientClosed() == [])
        #expect(connecting.connected(isReused: false) == [.release(reuse: false)])
    }

    @Test("A client that goes before the exchange starts leaves nothing to do")
    func closedBeforeStart() {
        var machine = ExchangeStateMachine(head: head())
        _ = machine.clientClosed()
        #expect(machine.start() == [])
        #expect(machine.failed(failure) == [])
    }

    @Test("An empty part of the body is no part, for on the wire it would end the body")
    func emptyPart() {
        var machine = ExchangeStateMachine(head: head(.POST))
        _ = machine.connected(isReused: false)
        #expect(machine.requestBody(ByteBuffer()) == [])
    }
}
