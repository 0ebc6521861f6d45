import NIOCore
import OrbitedWire

/// Orbit on one connection, without input or output: ``send(_:into:)`` writes what is to be sent, ``append(_:)`` takes
/// what came, and ``next()`` tells what it means. Replies are matched by id, in any order. [CTL-33]
struct OrbitProtocol {
    /// What the bytes of the server mean.
    enum Outcome {
        /// The answer to a frame.
        case answer(number: Int, Frame, Result<Value, OrbitedError>)
        /// News for a watch.
        case notice(watch: Int, WatchNotice)
        /// A watch has ended, by the server's will. [CTL-147]
        case ended(watch: Int, OrbitedError)
        /// The server does not take the connection, or no more of it. [CTL-51]
        case goodbye(OrbitedError)
        /// No Orbit at all; nothing comes after it.
        case violation(OrbitedError)
    }

    private let ids: FrameIDs
    private var decoder: ReplyDecoder
    /// The frames that are not answered.
    private var awaiting: [Int: Frame] = [:]
    /// The watches, and how many notices `present` each has to get.
    private var watches: [Int: Int] = [:]
    private var isViolated = false
    /// The version of what is sent.
    var version = Frame.Version.orbit11
    /// The number of the next frame.
    private(set) var nextNumber: Int

    init(ids: FrameIDs = FrameIDs(prefix: ""), limits: ClientLimits = ClientLimits(), first: Int = 1) {
        self.ids = ids
        decoder = ReplyDecoder(limit: limits.reply)
        nextNumber = first
    }

    /// How many frames are not answered.
    var awaited: Int { awaiting.count }

    /// Writes a frame; answers its number.
    ///
    /// - Throws: ``OrbitedError/Kind/unsupportedVersion``: the server speaks Orbit 1.0 only, and the frame needs more.
    ///   Nothing has changed then.
    mutating func send(_ frame: Frame, into buffer: inout ByteBuffer) throws(OrbitedError) -> Int {
        guard version == .orbit11 || !frame.needs11 else { throw .unsupported(frame) }
        return write(frame, into: &buffer)
    }

    /// Writes a frame that the server is known to speak, or that asks what it speaks; answers its number.
    mutating func write(_ frame: Frame, into buffer: inout ByteBuffer) -> Int {
        let number = nextNumber
        nextNumber += 1
        frame.write(version, id: ids.text(number), into: &buffer)
        awaiting[number] = frame
        return number
    }

    /// The frame that ends a watch.
    func unwatch(_ watch: Int) -> Frame { .unwatch(ids.text(watch)) }

    /// Takes bytes from the server.
    mutating func append(_ bytes: ByteBuffer) { decoder.append(bytes) }

    /// The next thing that the bytes mean; nil if more are needed.
    mutating func next() -> Outcome? {
        guard !isViolated else { return nil }
        do throws(OrbitedError) {
            guard let message = try message() else { return nil }
            switch message {
            case .reply(let reply): return try outcome(reply)
            case .notice(let notice, let watch, let epoch):
                return try noticed(WatchNotice(notice, epoch: epoch), watch: watch)
            }
        } catch {
            isViolated = true
            return .violation(error)
        }
    }

    private mutating func message() throws(OrbitedError) -> ServerMessage? {
        do throws(ReplyError) {
            return try decoder.next()
        } catch {
            throw OrbitedError(.protocolViolated, error.description, cause: error)
        }
    }

    private mutating func noticed(_ notice: WatchNotice, watch: String) throws(OrbitedError) -> Outcome {
        guard let number = ids.number(watch), let present = watches[number] else {
            throw .violation("a notice came for \(watch.prefix(200).debugDescription), which is no watch")
        }
        if notice.isPresent {
            guard present > 0 else { throw .violation("a watch was told of more keys than its reply had said") }
            watches[number] = present - 1
        }
        return .notice(watch: number, notice)
    }

    private mutating func outcome(_ reply: Reply) throws(OrbitedError) -> Outcome {
        guard let id = reply.id else {
            guard !reply.isSuccess, reply.unreached.isEmpty else { throw .violation("the reply has no id") }
            return .goodbye(.refusal(reply))
        }
        guard let number = ids.number(id), let frame = awaiting.removeValue(forKey: number) else {
            // The second reply to a watch ends it. [CTL-147]
            if !reply.isSuccess, let number = ids.number(id), watches.removeValue(forKey: number) != nil {
                return .ended(watch: number, .refusal(reply))
            }
            throw .violation("a reply came for the id \(id.prefix(200).debugDescription), which was not awaited")
        }
        if !reply.isSuccess, reply.unreached.isEmpty {
            return .answer(number: number, frame, .failure(.refusal(reply, to: frame)))
        }
        let value = try reply.value(of: frame, version, id: id)
        if case .watching(let start) = value { watches[number] = start.present }
        if let watch = frame.watch.flatMap(ids.number) { watches[watch] = nil }
        return .answer(number: number, frame, .success(value))
    }
}
