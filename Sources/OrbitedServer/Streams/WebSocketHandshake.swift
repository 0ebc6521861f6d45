import NIOCore
import NIOHTTP1
import NIOWebSocket

/// The server's half of the opening handshake of RFC 6455, section 4.2.2. [WSK-3]
enum WebSocketHandshake {
    /// The one subprotocol that is spoken. [WSK-4]
    static let subprotocol = "orbited.1"

    /// The head of the response that makes the connection a WebSocket; fails if the request does not ask by the rules.
    static func response(to request: HTTPRequestHead, on channel: any Channel) -> EventLoopFuture<ByteBuffer> {
        // The upgrader does not look into it.
        guard let key = request.headers.first(name: "Sec-WebSocket-Key"), isKey(key) else {
            return channel.eventLoop.makeFailedFuture(HTTPFault.upgradeNeeded)
        }
        // Of the upgrader only the rules of the handshake are used: the key's answer, the version, one key alone.
        let rules = NIOWebSocketServerUpgrader(
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() })
        let answer = rules.buildUpgradeResponse(
            channel: channel, upgradeRequest: request, initialResponseHeaders: HTTPHeaders())
        return answer.map { answered in
            var headers = answered
            headers.replaceOrAdd(name: "Upgrade", value: "websocket")
            headers.replaceOrAdd(name: "Connection", value: "Upgrade")
            if request.headers[canonicalForm: "Sec-WebSocket-Protocol"].contains(where: { $0 == subprotocol }) {
                headers.replaceOrAdd(name: "Sec-WebSocket-Protocol", value: subprotocol)
            }
            var head = ByteBuffer(string: "HTTP/1.1 101 Switching Protocols\r\n")
            for (name, value) in headers { head.writeString("\(name): \(value)\r\n") }
            head.writeStaticString("\r\n")
            return head
        }
    }

    /// Whether a key is the base64 of 16 bytes.
    private static func isKey(_ text: String) -> Bool {
        let digits = text.utf8.dropLast(2)
        return digits.count == 22 && text.hasSuffix("==")
            && digits.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                    true
                default: false
                }
            }
    }
}
