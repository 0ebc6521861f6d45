import NIOCore
import OrbitedCore
import OrbitedTesting
import OrbitedTransports
import Testing

@Suite("Writing frames to a browser")
struct WebSocketFrameTests {
    @Test(
        "a message is one frame, not masked, whose length is written in the shortest way",
        arguments: [
            (1, [1]), (125, [125]), (126, [126, 0, 126]), (256, [126, 1, 0]), (65_535, [126, 255, 255]),
            (65_536, [127, 0, 0, 0, 0, 0, 1, 0, 0]),
        ] as [(Int, [UInt8])])
    func lengths(size: Int, length: [UInt8]) {
        let piece = ByteBuffer(repeating: UInt8(ascii: "x"), count: size)
        let framed = Framing.message.framed(piece)
        #expect(framed == ByteBuffer(bytes: [0x81] + length + Array(piece.readableBytesView)))
        #expect(Framing.message.payload(ofFramed: framed.readableBytes) == size)
    }

    @Test("the unmasked examples of RFC 6455 are written as they stand there")
    func examples() {
        let hello = ByteBuffer(string: "Hello")
        #expect(Framing.message.framed(hello) == ByteBuffer(bytes: [0x81, 0x05] + Array("Hello".utf8)))
        #expect(WebSocketFrame.pong(hello) == ByteBuffer(bytes: [0x8a, 0x05] + Array("Hello".utf8)))
    }

    @Test("a close has its code and reason", arguments: WebSocketCloseCode.allCases)
    func close(code: WebSocketCloseCode) {
        let payload = [UInt8(code.rawValue >> 8), UInt8(truncatingIfNeeded: code.rawValue)] + Array(code.reason.utf8)
        #expect(WebSocketFrame.close(code) == ByteBuffer(bytes: [0x88, UInt8(payload.count)] + payload))
    }

    @Test("the answer to a close has its code, or none")
    func echo() {
        #expect(WebSocketFrame.close(echoing: nil) == ByteBuffer(bytes: [0x88, 0]))
        #expect(WebSocketFrame.close(echoing: 1000) == ByteBuffer(bytes: [0x88, 2, 0x03, 0xe8]))
    }
}

@Suite("Codes that close a WebSocket")
struct WebSocketCloseCodeTests {
    private struct Registry: Decodable {
        struct CloseCode: Decodable {
            let code: UInt16
            let name: String
            let reconnect: Bool
        }

        let closeCodes: [CloseCode]
    }

    @Test("they are the registry's, and their range tells whether to come back")
    func registered() throws {
        let entries = try Repository.read(Registry.self, from: "protocol/registry.json").closeCodes
        #expect(entries.map(\.code) == WebSocketCloseCode.allCases.map(\.rawValue))
        for (entry, code) in zip(entries, WebSocketCloseCode.allCases) {
            #expect(entry.name.replacing("_", with: " ") == code.reason)
            #expect(entry.reconnect == !WebSocketCloseCode.final.contains(entry.code))
        }
    }

    @Test("only a connection that another took over must not come back")
    func reasons() {
        for reason in [EndReason.replaced, .switched] { #expect(WebSocketCloseCode(reason) == .replaced) }
        for reason in [EndReason.shutdown, .timeout, .stalled] { #expect(WebSocketCloseCode(reason) == .shutdown) }
    }
}
