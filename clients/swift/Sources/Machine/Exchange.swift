import NIOCore

/// What is under way on one connection: calls that wait for their replies, and watches.
final class Exchange: WaitHome {
    /// How many bytes are handed over at once, unless a single frame has more.
    private static let portion = 65_536

    private var orbit: OrbitProtocol
    private let limits: ClientLimits
    private var calls: [Int: Call] = [:]
    private var watches: [Int: Subscription] = [:]
    /// What goes before all calls that wait.
    private var urgent = ByteBuffer()
    /// How many bytes the calls have that are not answered, those that are over included.
    private var bytes = 0
    /// How many calls are over whose replies have not come, and how many bytes they have.
    private var abandoned = 0
    private var abandonedBytes = 0

    init(_ options: ClientOptions, first: Int) {
        orbit = OrbitProtocol(ids: FrameIDs(prefix: options.idPrefix), limits: options.limits, first: first)
        limits = options.limits
    }

    /// How many frames are not answered, those of calls that are over included.
    var awaited: Int { orbit.awaited }

    /// How many calls wait for their replies.
    var live: Int { calls.count - abandoned }

    /// How many frames more may be in flight.
    var room: Int { bytes < limits.inFlightBytes ? max(limits.inFlight - awaited, 0) : 0 }

    /// Whether calls that are over take all the room: nothing is sent unless the server answers them.
    var isChoked: Bool { abandoned >= limits.inFlight || abandonedBytes >= limits.inFlightBytes }

    var speaks11: Bool { orbit.version == .orbit11 }

    /// The server speaks Orbit 1.0 only.
    func lower() { orbit.version = .orbit10 }

    // MARK: Sending

    /// Sends calls that wait, in their order, up to a portion and to what may be in flight.
    func fill(from queue: CallQueue, into buffer: inout ByteBuffer, fail: (Call, OrbitedError) -> Void) {
        while buffer.readableBytes < Self.portion, room > 0, let call = queue.first {
            let start = buffer.writerIndex
            do throws(OrbitedError) {
                let number = try orbit.send(call.frame, into: &buffer)
                queue.removeFirst()
                begin(call, number, size: buffer.writerIndex - start)
            } catch {
                fail(call, error)
            }
        }
    }

    /// Sends a call before all that wait; it needs no more than the server speaks.
    func sendFirst(_ call: Call) {
        let start = urgent.writerIndex
        let number = orbit.write(call.frame, into: &urgent)
        begin(call, number, size: urgent.writerIndex - start)
    }

    private func begin(_ call: Call, _ number: Int, size: Int) {
        call.send(as: number, size: size)
        bytes += size
        call.home = self
        calls[number] = call
    }

    /// What goes before all calls that wait, once.
    func takeUrgent() -> ByteBuffer {
        defer { urgent = ByteBuffer() }
        return urgent
    }

    func watch(_ subscription: Subscription, into buffer: inout ByteBuffer) throws(OrbitedError) {
        let number = try orbit.send(subscription.frame(), into: &buffer)
        subscription.number = number
        watches[number] = subscription
    }

    /// Nobody reads this watch any more; the server is told.
    func unwatch(_ number: Int, onEnd: @escaping (Result<Value, OrbitedError>) -> Void) {
        watches[number] = nil
        sendFirst(Call(orbit.unwatch(number), onLoss: .done, onEnd: onEnd))
    }

    // MARK: Receiving

    func append(_ bytes: ByteBuffer) { orbit.append(bytes) }

    func next() -> OrbitProtocol.Outcome? { orbit.next() }

    func watch(numbered number: Int) -> Subscription? { watches[number] }

    func forget(watch number: Int) { watches[number] = nil }

    /// The call that a reply answers, unless it is over. It is under way no more.
    func answered(_ number: Int) -> Call? {
        guard let call = calls.removeValue(forKey: number) else { return nil }
        bytes -= call.size
        guard !call.isOver else {
            abandoned -= 1
            abandonedBytes -= call.size
            return nil
        }
        call.home = nil
        return call
    }

    /// A call is over before its reply has come.
    func left(_ wait: Wait) {
        guard let call = wait as? Call else { return }
        abandoned += 1
        abandonedBytes += call.size
    }

    /// The connection is gone: the calls that were under way, in their order, and the number of the next frame.
    func end() -> (calls: [Call], next: Int) {
        for subscription in watches.values { subscription.lose() }
        let rest = calls.values.filter { !$0.isOver }.sorted { $0.number < $1.number }
        for call in rest { call.home = nil }
        calls = [:]
        return (rest, orbit.nextNumber)
    }
}
