import NIOCore
import NIOPosix
import OrbitedWire

/// Sends events to the browsers of one Orbited server, and asks it for more.
///
///     let orbit = OrbitedClient(host: "localhost")
///     let receipt = try await orbit.event(to: "username, 0, /example", json: ["hello": "world"])
///
/// It connects with its first call, comes back after each loss with random pauses that grow up to 30 seconds, and keeps
/// the order of its calls. It is an actor on one of NIO's event loops; any number of tasks may share it. When nobody
/// holds it any more it disconnects, after the calls that are under way.
public actor OrbitedClient {
    /// How it reaches its server.
    public nonisolated let options: ClientOptions
    nonisolated let loop: any EventLoop
    nonisolated let carrier: NIOLoopBoundBox<Carrier>

    /// Creates a client. It does not connect before its first call.
    ///
    /// - Parameters:
    ///   - options: how it reaches its server, and how long it waits. Values that they may not have end the program.
    ///   - group: whose loop to run on. Default: NIO's own.
    public init(_ options: ClientOptions, group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton) {
        options.check()
        let loop = group.next()
        self.options = options
        self.loop = loop
        carrier = .makeBoxSendingValue(Carrier(options, loop: loop), eventLoop: loop)
    }

    /// Creates a client with the default options.
    ///
    /// - Parameters:
    ///   - host: the server's name or address. Default `localhost`.
    ///   - port: its control port. Default 9000.
    public init(host: String = "localhost", port: Int = 9000) {
        self.init(ClientOptions(host: host, port: port))
    }

    deinit {
        let (carrier, timeout) = (carrier, options.timeout)
        loop.execute { carrier.value.leave(timeout) }
    }

    /// The client's own loop.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.executor.asUnownedSerialExecutor() }

    /// Whether there is a connection that takes calls.
    public var isConnected: Bool { carrier.value.courier.isConnected }

    /// Connects now, rather than with the first call. One attempt is made.
    ///
    /// - Parameter timeout: how long it may take. Default: the client's.
    /// - Throws: ``OrbitedError/Kind/connectFailed``, which a retry can mend; ``OrbitedError/Kind/refused`` if the secret
    ///   is another one.
    public func connect(timeout: Duration? = nil) async throws(OrbitedError) {
        let carrier = carrier.value
        _ = try await end(of: Wait(deadline: carrier.deadline(in: timeout ?? options.timeout))) { wait in
            carrier.courier.connect(wait, carrier.now)
        }
    }

    /// Ends the watches, waits for the calls under way, and closes the connection. The client stays usable.
    ///
    /// - Parameter timeout: how long to wait until what is left fails with ``OrbitedError/Kind/disconnected``. Default:
    ///   the client's.
    public func disconnect(timeout: Duration? = nil) async {
        let carrier = carrier.value
        let wait = Wait(deadline: carrier.deadline(in: timeout ?? options.timeout))
        // Only its time, or its task's end, ends it before all is done.
        _ = try? await end(of: wait) { carrier.courier.disconnect($0) }
    }

    /// Makes a call, and waits for its end.
    func perform(
        _ frame: Frame, _ onLoss: Call.Loss, _ timeout: Duration?
    ) async throws(OrbitedError) -> Value {
        let carrier = carrier.value
        let call = Call(frame, onLoss: onLoss, deadline: carrier.deadline(in: timeout ?? options.timeout))
        return try await end(of: call) { _ in carrier.courier.call(call, carrier.now) }
    }

    /// Waits until something has ended; so it does when the task is cancelled.
    private func end(of wait: Wait, begin: (Wait) -> Void) async throws(OrbitedError) -> Value {
        let bound = NIOLoopBound(wait, eventLoop: loop)
        let result = await withTaskCancellationHandler {
            // A closure that has the actor runs on it.
            await withCheckedContinuation { continuation in
                wait.onEnd = { continuation.resume(returning: $0) }
                begin(wait)
                self.carrier.value.plan()
            }
        } onCancel: { [loop, carrier] in
            loop.execute { carrier.value.cancel(bound.value) }
        }
        return try result.get()
    }
}

extension Carrier {
    /// Ends something before its time.
    func cancel(_ wait: Wait) {
        courier.cancel(wait)
        plan()
    }

    /// The client is gone: what is under way is carried out, and then the connection ends.
    func leave(_ timeout: Duration?) {
        courier.disconnect(Wait(deadline: deadline(in: timeout)))
        plan()
    }
}
