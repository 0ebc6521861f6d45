import NIOCore

/// Reads the frames that a browser sends, however their bytes are cut. RFC 6455, section 5. No I/O.
///
/// Of a frame that would be larger than may be, nothing is kept: its head decides.
public struct WebSocketDecoder {
    /// What came.
    public enum Incoming: Equatable, Sendable {
        /// A whole text message, which is valid UTF-8.
        case message(String)
        /// A ping with its payload, to be answered.
        case ping(ByteBuffer)
        /// An answer to a ping, or a sign of life by itself.
        case pong
        /// The peer ends the connection; its code, if it gave one.
        case close(UInt16?)
        /// The peer broke a rule: the connection is to be closed with that code, and nothing is read after it.
        case failure(WebSocketCloseCode)
    }

    private let maxMessage: Int
    private var bytes = ByteBuffer()
    /// The fragments of the message that has begun.
    private var message: ByteBuffer?
    private var hasEnded = false

    /// - Parameter maxMessage: the largest message in bytes, its fragments together; beyond it 1009. Default 4,096.
    public init(maxMessage: Int = 4096) {
        self.maxMessage = maxMessage
    }

    /// Takes what has come.
    public mutating func append(_ more: ByteBuffer) {
        guard !hasEnded else { return }
        bytes.writeImmutableBuffer(more)
    }

    /// The next thing that is whole; `nil` until more has come.
    public mutating func next() -> Incoming? {
        while !hasEnded {
            switch readFrame() {
            case .none:
                if bytes.readableBytes == 0 { bytes = ByteBuffer() }
                return nil
            case .failure(let code)?:
                return end(.failure(code))
            case .frame(let head, let payload)?:
                if let incoming = take(head, payload) { return incoming }
            }
        }
        return nil
    }

    private mutating func end(_ last: Incoming) -> Incoming {
        hasEnded = true
        bytes = ByteBuffer()
        message = nil
        return last
    }

    // MARK: Frames

    private enum Reading {
        case frame(WebSocketFrameHead, ByteBuffer)
        case failure(WebSocketCloseCode)
    }

    private mutating func readFrame() -> Reading? {
        let head: WebSocketFrameHead
        switch WebSocketFrameHead.read(bytes) {
        case .incomplete: return nil
        case .failure(let code): return .failure(code)
        case .head(let read): head = read
        }
        if let fault = fault(of: head) { return .failure(fault) }
        guard bytes.readableBytes >= head.size + head.length else { return nil }
        bytes.moveReaderIndex(forwardBy: head.size)
        guard var payload = bytes.readSlice(length: head.length) else { return nil }
        head.unmask(&payload)
        bytes.discardReadBytes()
        return .frame(head, payload)
    }

    /// What can be said against a frame before its payload has come.
    private func fault(of head: WebSocketFrameHead) -> WebSocketCloseCode? {
        switch head.opcode {
        case .close, .ping, .pong:
            return nil
        case .binary:
            return .binaryMessage
        case .text where message != nil, .continuation where message == nil:
            return .protocolError
        case .text, .continuation:
            return (message?.readableBytes ?? 0) + head.length > maxMessage ? .messageTooLarge : nil
        }
    }

    private mutating func take(_ head: WebSocketFrameHead, _ payload: ByteBuffer) -> Incoming? {
        switch head.opcode {
        case .ping: return .ping(payload)
        case .pong: return .pong
        case .close: return takeClose(payload)
        case .binary: return end(.failure(.binaryMessage))
        case .text, .continuation:
            var whole = message ?? ByteBuffer()
            // Held once only, so that it grows where it is.
            message = nil
            whole.writeImmutableBuffer(payload)
            guard head.isFinal else {
                message = whole
                return nil
            }
            guard let text = String(validating: whole.readableBytesView, as: UTF8.self) else {
                return end(.failure(.invalidText))
            }
            return .message(text)
        }
    }

    /// RFC 6455, section 7.4: a code of two bytes that may stand on the wire, and a reason in UTF-8; or nothing.
    private mutating func takeClose(_ payload: ByteBuffer) -> Incoming {
        var payload = payload
        guard payload.readableBytes > 0 else { return end(.close(nil)) }
        guard let code = payload.readInteger(as: UInt16.self) else { return end(.failure(.protocolError)) }
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: break
        default: return end(.failure(.protocolError))
        }
        guard String(validating: payload.readableBytesView, as: UTF8.self) != nil else {
            return end(.failure(.invalidText))
        }
        return end(.close(code))
    }
}
