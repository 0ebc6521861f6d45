import NIOCore
import Synchronization

/// An event that was sent without waiting, see ``OrbitedClient/send(to:body:ack:ttl:retry:timeout:)``.
public final class PendingReceipt: Sendable {
    typealias Reader = CheckedContinuation<Result<Value, OrbitedError>, Never>

    private enum State {
        /// The call is nil until it has come to its loop.
        case waiting(NIOLoopBound<Call>?, [Reader])
        case ended(Result<Value, OrbitedError>)
    }

    /// The client lives as long as somebody may wait.
    private let client: OrbitedClient
    private let state = Mutex(State.waiting(nil, []))

    init(client: OrbitedClient) { self.client = client }

    /// What became of the event. It can be asked for by any number of tasks.
    ///
    /// - Throws: any ``OrbitedError``. The event goes on if the task that waits is cancelled; ``cancel()`` ends it.
    public var receipt: Receipt {
        get async throws(OrbitedError) {
            let result = await withCheckedContinuation { (reader: Reader) in
                let result = state.withLock { state -> Result<Value, OrbitedError>? in
                    switch state {
                    case .ended(let result): return result
                    case .waiting(let call, let readers):
                        state = .waiting(call, readers + [reader])
                        return nil
                    }
                }
                if let result { reader.resume(returning: result) }
            }
            return try result.get().receipt
        }
    }

    /// Ends the event before its time: ``receipt`` throws ``OrbitedError/Kind/cancelled`` unless it is there.
    public func cancel() {
        let carrier = client.carrier
        client.loop.execute {
            if case .waiting(let call?, _) = self.state.withLock({ $0 }) { carrier.value.cancel(call.value) }
        }
    }

    /// The call has begun.
    func begin(_ call: NIOLoopBound<Call>) {
        state.withLock { if case .waiting(_, let readers) = $0 { $0 = .waiting(call, readers) } }
    }

    func end(_ result: Result<Value, OrbitedError>) {
        let readers = state.withLock { state -> [Reader] in
            guard case .waiting(_, let readers) = state else { return [] }
            state = .ended(result)
            return readers
        }
        for reader in readers { reader.resume(returning: result) }
    }
}
