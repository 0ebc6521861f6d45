import NIOCore
import Testing

@testable import OrbitedTransports

@Suite("Framing")
struct FramingTests {
    @Test(
        "a chunk has its size in hexadecimal and a line end",
        arguments: [(1, "1"), (15, "f"), (16, "10"), (4_096, "1000")])
    func chunk(size: Int, digits: String) {
        let piece = ByteBuffer(repeating: UInt8(ascii: "x"), count: size)
        let text = String(repeating: "x", count: size)
        #expect(Framing.chunked.framed(piece) == ByteBuffer(string: "\(digits)\r\n\(text)\r\n"))
    }

    @Test("a body that the connection's end closes is written as it is")
    func close() {
        #expect(Framing.close.framed(ByteBuffer(string: "abc\r\n")) == ByteBuffer(string: "abc\r\n"))
    }

    @Test("a piece that is written in place is framed as one that was there before", arguments: Framing.allCases)
    func inPlace(framing: Framing) {
        for size in [0, 1, 15, 16, 125, 126, 255, 256, 4_095, 4_096, 70_000] {
            let piece = ByteBuffer(repeating: UInt8(ascii: "x"), count: size)
            for room in [0, size, 2 * size] {
                let framed = framing.framed(room: room) { $0.writeImmutableBuffer(piece) }
                #expect(framed == framing.framed(piece), "\(size) bytes, room for \(room)")
            }
        }
    }

    @Test("an empty piece is nothing, since an empty chunk would end the body", arguments: Framing.allCases)
    func empty(framing: Framing) {
        #expect(framing.framed(ByteBuffer()).readableBytes == 0)
    }

    @Test("the last chunk ends a chunked body, and nothing ends the others")
    func ends() {
        #expect(Framing.chunked.end == ByteBuffer(string: "0\r\n\r\n"))
        for framing in [Framing.close, .message] { #expect(framing.end.readableBytes == 0) }
    }
}
