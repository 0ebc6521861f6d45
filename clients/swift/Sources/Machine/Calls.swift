import NIOCore
import OrbitedWire

/// How something ends.
typealias ErrorOf = (_ wait: Wait) -> OrbitedError

/// The calls that wait to be sent, and what becomes of those that were.
struct Calls {
    let queue: CallQueue
    /// Calls that the server refused because it closes, to be sent again.
    private var again: [Call] = []

    init(_ options: ClientOptions) {
        queue = CallQueue(limit: options.queue, whenFull: options.whenFull)
    }

    /// How many are left, without those under way.
    var left: Int { queue.count + again.count { !$0.isOver } }

    /// Takes a call; answers whether it waits to be sent.
    ///
    /// - Parameter room: how many calls can be sent at once.
    func add(_ call: Call, room: Int, _ waits: inout Waits) -> Bool {
        if let overflow = queue.overflow(by: call, room: room) {
            waits.fail(overflow.call, overflow.error)
            if overflow.call === call { return false }
        }
        waits.begin(call)
        queue.add(call)
        return true
    }

    /// The server has answered.
    mutating func answered(_ call: Call, _ answer: Result<Value, OrbitedError>, _ waits: inout Waits) {
        switch answer {
        case .success(let value): waits.succeed(call, value)
        case .failure(let error):
            call.refuse()
            if error.retriable, error.closes, call.onLoss == .again {
                again.append(call)
            } else {
                waits.fail(call, error.about(call))
            }
        }
    }

    /// The connection is gone, and nothing of what was under way is sent again.
    func giveUp(_ calls: [Call], _ errorOf: ErrorOf, _ waits: inout Waits) {
        for call in calls {
            if call.onLoss == .done {
                waits.succeed(call, .done)
            } else {
                waits.fail(call, errorOf(call))
            }
        }
    }

    /// The connection is gone. What can be sent again waits for the next.
    mutating func lose(_ calls: [Call], _ errorOf: ErrorOf, _ waits: inout Waits) {
        let all = again + calls.filter { $0.onLoss == .again }
        again = []
        giveUp(calls.filter { $0.onLoss != .again }, errorOf, &waits)
        // Those that were refused may have been sent after some that were not answered.
        queue.putBack(all.filter { !$0.isOver }.sorted { $0.number < $1.number })
    }

    /// Nothing that waits is sent.
    func failWaiting(_ errorOf: ErrorOf, _ waits: inout Waits) {
        for call in queue.all { waits.fail(call, errorOf(call)) }
    }

    /// Everything ends.
    mutating func failAll(_ calls: [Call], _ errorOf: ErrorOf, _ waits: inout Waits) {
        let all = calls + again + queue.all
        again = []
        for call in all { waits.fail(call, errorOf(call)) }
    }
}

extension OrbitedError {
    /// Whether the server closes the connection after it has told of this. [CTL-80] [CTL-132]
    var closes: Bool {
        guard kind == .refused, let code, let known = UInt16(exactly: code).flatMap(ControlCode.init) else {
            return false
        }
        return known.closes
    }
}
