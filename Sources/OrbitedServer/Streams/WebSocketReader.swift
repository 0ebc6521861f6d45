import NIOCore
import OrbitedCore
import OrbitedJSON
import OrbitedTransports
import OrbitedWire

/// What a browser says on a WebSocket, and what follows from it. Confined to a loop. [WSK-8] [WSK-18] to [WSK-26]
final class WebSocketReader {
    /// What is to be done.
    enum Request {
        /// The browser has all events up to the cursor.
        case acknowledge(Cursor)
        /// The frame answers a ping.
        case pong(ByteBuffer)
        /// The frame ends the connection, or answers the end.
        case close(ByteBuffer)
    }

    private var decoder: WebSocketDecoder
    private var awaitsPong = false
    /// Whether the peer has not ended the connection yet.
    private(set) var isOpen = true

    /// - Parameter maxMessage: the largest message in bytes.
    init(maxMessage: Int) {
        decoder = WebSocketDecoder(maxMessage: maxMessage)
    }

    /// Takes what has come.
    func read(_ bytes: ByteBuffer, _ carryOut: (Request) -> Void) {
        guard isOpen else { return }
        awaitsPong = false
        decoder.append(bytes)
        while isOpen, let incoming = decoder.next() {
            switch incoming {
            case .message(let text):
                switch Self.acknowledgement(in: text) {
                case .nothing: break
                case .cursor(let cursor): carryOut(.acknowledge(cursor))
                case .fault: fail(.badMessage, carryOut)
                }
            case .ping(let payload): carryOut(.pong(WebSocketFrame.pong(payload)))
            case .pong: break
            case .close(let code):
                isOpen = false
                carryOut(.close(WebSocketFrame.close(echoing: code)))
            case .failure(let code): fail(code, carryOut)
            }
        }
    }

    private func fail(_ code: WebSocketCloseCode, _ carryOut: (Request) -> Void) {
        isOpen = false
        carryOut(.close(WebSocketFrame.close(code)))
    }

    /// A ping goes out; answers whether the peer has given a sign of life since the last one.
    func expectsPong() -> Bool {
        defer { awaitsPong = true }
        return !awaitsPong
    }

    /// The last frames of a connection that ends for this reason.
    func farewell(_ form: any Transport, _ reason: EndReason) -> ByteBuffer {
        var last = ByteBuffer()
        if let words = form.farewell(reason) { Framing.message.write(words, into: &last) }
        last.writeImmutableBuffer(WebSocketFrame.close(WebSocketCloseCode(reason)))
        return last
    }

    private enum Acknowledgement {
        case nothing
        case cursor(Cursor)
        case fault
    }

    /// Reads `{"ack":"CURSOR"}`; other members have no meaning yet. [WSK-9] [WSK-26]
    private static func acknowledgement(in text: String) -> Acknowledgement {
        guard let message = try? JSON.parse(text), message.objectValue != nil else { return .fault }
        guard let ack = message["ack"] else { return .nothing }
        return ack.stringValue.flatMap { Cursor($0) }.map(Acknowledgement.cursor) ?? .fault
    }
}
