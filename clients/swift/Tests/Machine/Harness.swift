import NIOCore
import OrbitedWire

@testable import OrbitedClient

/// What becomes of something that somebody waits for.
final class Fate {
    private(set) var result: Result<Value, OrbitedError>?
    private(set) var count = 0
    var wait: Wait?

    func end(_ result: Result<Value, OrbitedError>) {
        self.result = result
        count += 1
    }

    var isOpen: Bool { count == 0 }

    var isDone: Bool {
        if case .success(.done)? = result { count == 1 } else { false }
    }

    var error: OrbitedError? {
        if count == 1, case .failure(let error)? = result { error } else { nil }
    }

    var receipt: Receipt? {
        if count == 1, case .success(.receipt(let receipt))? = result { receipt } else { nil }
    }
}

/// A courier without connections, on a clock that a test moves.
final class Harness {
    var now = Duration.seconds(1)
    let courier: Courier

    init(_ change: (inout ClientOptions) -> Void = { _ in }, random: @escaping () -> Double = { 0.5 }) {
        var options = ClientOptions(host: "server")
        // So that ids are the numbers 1, 2, …
        options.idPrefix = ""
        change(&options)
        courier = Courier(options, random: random)
    }

    /// One that is connected.
    static func ready(_ change: (inout ClientOptions) -> Void = { _ in }) -> Harness {
        let harness = Harness(change)
        _ = harness.connect()
        _ = harness.actions
        harness.greet()
        return harness
    }

    /// What the courier wants to be done to its connection.
    var actions: [Line.Action] { courier.takeActions() }

    // MARK: What the program wants

    func event(
        _ recipients: String..., ack: Ack? = nil, ttl: Int? = nil, timeout: Duration = .seconds(60), retry: Bool = false
    ) throws -> Fate {
        let keys = try (recipients.isEmpty ? ["u, 0, /x"] : recipients).recipients()
        let frame = try Frame.event(to: keys, body: ByteBuffer(string: "1"), ack: ack, ttl: ttl)
        return call(frame, retry ? .again : .fail, timeout)
    }

    func call(_ frame: Frame, _ onLoss: Call.Loss = .fail, _ timeout: Duration = .seconds(60)) -> Fate {
        let fate = Fate()
        let call = Call(frame, onLoss: onLoss, deadline: now + timeout, onEnd: fate.end)
        fate.wait = call
        courier.call(call, now)
        return fate
    }

    func list() throws -> Fate { call(try .list("*, *, *".recipients()), .again) }

    func close() throws -> Fate { call(try .close("u, 0, /x".recipients())) }

    func connect(timeout: Duration = .seconds(60)) -> Fate {
        let fate = Fate()
        courier.connect(Wait(deadline: now + timeout, onEnd: fate.end), now)
        return fate
    }

    func disconnect(timeout: Duration = .seconds(60)) -> Fate {
        let fate = Fate()
        courier.disconnect(Wait(deadline: now + timeout, onEnd: fate.end))
        return fate
    }

    func watch(
        _ recipient: String = "*, *, /chat", state: Bool = false, since place: NoticePlace? = nil,
        notices: Int = 10_000,
        bytes: Int = ControlLimits.noticeBytes
    ) throws -> NoticeBuffer {
        let reader = NoticeBuffer(limit: notices, byteLimit: bytes, since: place)
        courier.watch(Subscription(try recipient.recipients(), state: state, since: place, reader), now)
        return reader
    }

    // MARK: What goes over the connection

    /// The frames that the courier sends now: each its lines.
    func sent() -> [[String]] {
        var text = ""
        while let bytes = courier.next(now) { text += String(buffer: bytes) }
        var frames: [[String]] = []
        for line in text.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init) {
            // A body stands before the next frame without a line end.
            if let start = line.firstRange(of: "Orbit 1.") {
                let body = String(line[..<start.lowerBound])
                if !body.isEmpty { frames[frames.count - 1].append(body) }
                frames.append([String(line[start.lowerBound...])])
            } else if !frames.isEmpty {
                frames[frames.count - 1].append(line)
            }
        }
        return frames
    }

    /// The ids of the frames that it sends now.
    func sentIDs() -> [String] { sent().map { String($0[2].dropFirst("id: ".count)) } }

    func say(_ lines: String...) { say(lines) }

    func say(_ lines: [String]) {
        let text = lines.map { $0 + "\r\n" }.joined() + "\r\n"
        courier.received(ByteBuffer(string: text), now)
    }

    /// Lets the connection be made, and the server answer the first frame.
    func greet(_ answer: String...) {
        courier.opened(now)
        let id = sentIDs().first ?? ""
        say(answer.isEmpty ? ["Success", "id: \(id)"] : [answer[0], "id: \(id)"] + answer.dropFirst())
    }

    func lose(_ reason: String = "reset") { courier.lost(reason, now) }

    /// Lets the time pass, with each tick that the courier asks for.
    func pass(_ time: Duration) {
        let end = now + time
        while courier.deadline <= end {
            now = max(now, courier.deadline)
            courier.tick(now)
        }
        now = end
    }
}
