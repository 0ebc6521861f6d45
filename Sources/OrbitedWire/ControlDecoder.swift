import NIOCore

/// Turns the bytes of a control connection into events and failures, whatever way they are split. [CTL-5]
///
/// Give it bytes with ``append(_:)`` and take what is ready with ``next()`` until that answers `nil`.
/// It holds at most one frame's head line, one body and what the last append brought.
public struct ControlDecoder: Sendable {
    /// What one frame turned out to be.
    public enum Output: Hashable, Sendable {
        /// A whole event.
        case event(EventFrame)
        /// Anything else that a frame of Orbit 1.1 can ask for.
        case request(id: String, ControlRequest)
        /// A frame that could not be taken. If it `closes`, nothing comes after it.
        case failure(ControlFailure)
    }

    private enum Phase: Equatable {
        case head
        case body(length: Int)
        case skipping(Int)
        case closed
    }

    private let limits: ControlLimits
    private var buffer = ByteBuffer()
    private var head: FrameHead
    private var phase = Phase.head

    /// Creates a decoder for one connection.
    public init(limits: ControlLimits = ControlLimits()) {
        self.limits = limits
        self.head = FrameHead(limits: limits)
    }

    /// Whether a frame has begun and not ended.
    public var isInFrame: Bool {
        switch phase {
        case .head: head.hasBegun || buffer.readableBytes > 0
        case .body, .skipping: true
        case .closed: false
        }
    }

    /// Whether the frame that has begun has had its failure already, and only its body is skipped yet. [CTL-87]
    public var isSkippingBody: Bool {
        switch phase {
        case .skipping: true
        case .head, .body, .closed: false
        }
    }

    /// The id of the frame that has begun, if it has been read.
    public var idInFrame: String? { head.id }

    /// Whether nothing more is decoded: the frame's end could not be found, or ``close()`` was called.
    public var isClosed: Bool { phase == .closed }

    /// Decodes nothing more.
    public mutating func close() {
        phase = .closed
        buffer = ByteBuffer()
    }

    /// Takes bytes from the connection.
    public mutating func append(_ bytes: ByteBuffer) {
        guard phase != .closed else { return }
        if buffer.readableBytes == 0 {
            buffer = bytes
        } else {
            buffer.discardReadBytes()
            buffer.writeImmutableBuffer(bytes)
        }
    }

    /// The next event or failure, or `nil` when more bytes are needed.
    public mutating func next() -> Output? {
        while true {
            switch phase {
            case .head:
                guard let end = readHead() else { return nil }
                if let output = begin(end) { return output }
            case .body(let length):
                guard let output = readBody(length) else { return nil }
                return output
            case .skipping(let count):
                let skipped = min(count, buffer.readableBytes)
                buffer.moveReaderIndex(forwardBy: skipped)
                phase = skipped == count ? .head : .skipping(count - skipped)
                if skipped < count { return nil }
            case .closed:
                return nil
            }
        }
    }

    private mutating func readHead() -> FrameHead.End? {
        // A copy of the reference, so that the lines can be read in place while `head` changes.
        let bytes = buffer
        let (consumed, end) = bytes.withUnsafeReadableBytes { head.read($0) }
        buffer.moveReaderIndex(forwardBy: consumed)
        return end
    }

    /// Goes on from a head's end; the output if there is one already.
    private mutating func begin(_ end: FrameHead.End) -> Output? {
        switch end {
        case .body(let length):
            phase = .body(length: length)
            buffer.reserveCapacity(minimumWritableBytes: max(0, length - buffer.readableBytes))
            return nil
        case .fault(let fault, let skip):
            let failure = ControlFailure(id: head.id, fault: fault, closes: skip == nil)
            head = FrameHead(limits: limits)
            switch skip {
            case .some(0): phase = .head
            case .some(let count): phase = .skipping(count)
            case .none: close()
            }
            return .failure(failure)
        }
    }

    private mutating func readBody(_ length: Int) -> Output? {
        guard buffer.readableBytes >= length, let id = head.id else { return nil }
        // Copied, so that a small body does not hold a whole receive buffer.
        var body = ByteBufferAllocator().buffer(capacity: length)
        buffer.withUnsafeReadableBytes { _ = body.writeBytes(UnsafeRawBufferPointer(rebasing: $0.prefix(length))) }
        buffer.moveReaderIndex(forwardBy: length)
        defer {
            head = FrameHead(limits: limits)
            phase = .head
        }
        return head.output(id: id, body: body)
    }
}

extension FrameHead {
    /// What the whole frame says.
    fileprivate func output(id: String, body: ByteBuffer) -> ControlDecoder.Output {
        switch action {
        case .event:
            let terms = EventFrame.Terms(patterns: recipients.patterns, ack: options.ack, ttl: options.ttl)
            return .event(
                EventFrame(id: id, recipients: recipients.keys, body: body, terms: isVersion11 ? terms : nil))
        case .auth: return .request(id: id, .auth(secret: body))
        case .ping: return .request(id: id, .ping)
        case .watch:
            let last = options.epoch.map { NoticePlace(epoch: $0, sequence: options.sequence ?? 0) }
            return .request(
                id: id, .watch(WatchRequest(recipients: recipients, wantsState: options.state, last: last)))
        case .unwatch: return .request(id: id, .unwatch(name: options.watch ?? ""))
        case .list: return .request(id: id, .list(recipients, limit: options.limit))
        case .close: return .request(id: id, .close(recipients, reason: options.reason))
        }
    }
}
